import type { SealedStep } from './journalEntries.js';
import { numbers, organizations, runs, type Table } from './journalTable.js';
import { pack, plainArray, textArray } from './packing.js';

/** Steps, and the packs that some of them bring along. */
export const step: Table<SealedStep> = {
  before: (p) => `packed as (insert into platform.step_packs (run_id, id, organization_id, data)
    select r, i, o, substring(${p(22)}::bytea from f for l) from unnest(${p(23)}::int[], ${p(24)}::int[], ${p(25)}::uuid[], ${p(26)}::bigint[],
      ${p(27)}::uuid[]) u(f, l, r, i, o), lease)`,
  // A step that waited is recorded again with its outcome; any other outcome stands for ever.
  sql: (
    p,
  ) => `insert into platform.run_steps as s (run_id, organization_id, path, attempt, node_id, status, port, payload, error, whole,
      started_at, duration_ms, input_tokens, output_tokens, cost_micros, model, finished_at, compensates, pack, place)
    select r, o, pa, a, n, st, pt, nullif(substring(${p(0)}::bytea from f for lp), ''),
      nullif(substring(${p(0)}::bytea from f + lp for le), ''), nullif(substring(${p(0)}::bytea from f + lp + le for lw), ''),
      to_timestamp(at / 1000), ms, ti, tk, c, m, to_timestamp(fi / 1000), co, pk, pl
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::int[], ${p(4)}::int[], ${p(5)}::uuid[], ${p(6)}::uuid[], ${p(7)}::text[],
      ${p(8)}::int[], ${p(9)}::text[], ${p(10)}::text[], ${p(11)}::text[], ${p(12)}::float8[], ${p(13)}::real[], ${p(14)}::int[], ${p(15)}::int[],
      ${p(16)}::bigint[], ${p(17)}::text[], ${p(18)}::float8[], ${p(19)}::text[], ${p(20)}::bigint[], ${p(21)}::int[])
      u(f, lp, le, lw, r, o, pa, a, n, st, pt, at, ms, ti, tk, c, m, fi, co, pk, pl), lease
    on conflict (run_id, path, attempt) do update set status = excluded.status, port = excluded.port, payload = excluded.payload,
      pack = excluded.pack, place = excluded.place, input = null, output = null, error = excluded.error, whole = excluded.whole, duration_ms = excluded.duration_ms, input_tokens = excluded.input_tokens,
      output_tokens = excluded.output_tokens, cost_micros = excluded.cost_micros, model = excluded.model,
      finished_at = excluded.finished_at where s.status = 'waiting'`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.payload, row.error, row.whole]),
      3,
    );
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      runs(rows),
      organizations(rows),
      textArray(rows.map(({ entry }) => entry.path)),
      plainArray(rows.map(({ entry }) => entry.attempt)),
      textArray(rows.map(({ entry }) => entry.nodeId)),
      plainArray(rows.map(({ entry }) => entry.status)),
      textArray(rows.map(({ entry }) => entry.port)),
      plainArray(rows.map(({ entry }) => entry.startedAt)),
      plainArray(rows.map(({ entry }) => Math.round(entry.durationMs * 1_000) / 1_000)),
      plainArray(rows.map(({ entry }) => entry.inputTokens)),
      plainArray(rows.map(({ entry }) => entry.outputTokens)),
      plainArray(rows.map(({ entry }) => entry.costMicros)),
      textArray(rows.map(({ entry }) => entry.model)),
      plainArray(rows.map(({ entry }) => entry.finishedAt)),
      textArray(rows.map(({ entry }) => entry.compensates)),
      numbers(rows.map(({ pack }) => pack?.id ?? null)),
      numbers(rows.map(({ pack }) => pack?.place ?? null)),
      ...packsOf(rows),
    ];
  },
};

/** The packs that these steps bring along. */
function packsOf(rows: readonly SealedStep[]): readonly unknown[] {
  const carriers = rows.filter(({ pack }) => pack?.data);
  const packed = pack(
    carriers.map(({ pack }) => [pack?.data ?? null]),
    1,
  );
  return [
    packed.data,
    packed.offsets,
    ...packed.lengths,
    runs(carriers),
    numbers(carriers.map(({ pack }) => pack?.id ?? null)),
    organizations(carriers),
  ];
}
