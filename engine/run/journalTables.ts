import type {
  Entry,
  CheckpointEntry,
  WritesEntry,
  WaitEntry,
  FailingEntry,
  IntentEntry,
  OutcomeEntry,
  RunEntry,
  SealedEntry,
} from './journalEntries.js';
import { withoutUndone } from './undone.js';
import { numbers, organizations, runs, type Table } from './journalTable.js';
import { pack, plainArray, textArray } from './packing.js';
import { step } from './stepTable.js';

type Of<Kind extends Entry['kind']> = Extract<SealedEntry, { kind: Kind }>;

const checkpoint: Table<CheckpointEntry> = {
  sql: (p) => `insert into platform.checkpoints (organization_id, thread, ns, id, parent, keyframe, data)
    select o, t, n, i, pa, k, substring(${p(0)}::bytea from f for l) from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[], ${p(4)}::text[],
      ${p(5)}::text[], ${p(6)}::text[], ${p(7)}::text[], ${p(8)}::boolean[]) u(f, l, o, t, n, i, pa, k), lease
    on conflict (thread, ns, id) do update set data = excluded.data, parent = excluded.parent, keyframe = excluded.keyframe`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.data]),
      1,
    );
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      organizations(rows),
      textArray(rows.map((row) => row.run)),
      textArray(rows.map((row) => row.ns)),
      textArray(rows.map((row) => row.id)),
      textArray(rows.map((row) => row.parent)),
      plainArray(rows.map((row) => row.keyframe)),
    ];
  },
};

const writes: Table<WritesEntry> = {
  sql: (p) => `insert into platform.checkpoint_writes (organization_id, thread, ns, checkpoint, task, path, data)
    select o, t, n, c, k, pa, substring(${p(0)}::bytea from f for l) from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[], ${p(4)}::text[],
      ${p(5)}::text[], ${p(6)}::text[], ${p(7)}::text[], ${p(8)}::text[]) u(f, l, o, t, n, c, k, pa), lease`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.data]),
      1,
    );
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      organizations(rows),
      textArray(rows.map((row) => row.run)),
      textArray(rows.map((row) => row.ns)),
      textArray(rows.map((row) => row.checkpoint)),
      textArray(rows.map((row) => row.task)),
      textArray(rows.map((row) => row.path)),
    ];
  },
};

const wait: Table<WaitEntry> = {
  sql: (
    p,
  ) => `insert into platform.waits (id, organization_id, run_id, path, kind, conversation_id, question, wake_at, event_key)
    select i, o, r, pa, k, c, convert_from(nullif(substring(${p(0)}::bytea from f for l), ''), 'UTF8')::jsonb, to_timestamp(w / 1000), e
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[], ${p(4)}::uuid[], ${p(5)}::uuid[], ${p(6)}::text[], ${p(7)}::text[], ${p(8)}::uuid[],
      ${p(9)}::float8[], ${p(10)}::text[]) u(f, l, i, o, r, pa, k, c, w, e), lease on conflict (run_id, path) do nothing`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.question]),
      1,
    );
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      plainArray(rows.map((row) => row.id)),
      organizations(rows),
      runs(rows),
      textArray(rows.map((row) => row.path)),
      plainArray(rows.map((row) => row.of)),
      textArray(rows.map((row) => row.conversation)),
      numbers(rows.map((row) => row.wakeAt)),
      textArray(rows.map((row) => row.event)),
    ];
  },
};

const failing: Table<FailingEntry> = {
  sql: (
    p,
  ) => `update platform.runs r set failing = convert_from(substring(${p(0)}::bytea from u.f for u.le), 'UTF8')::jsonb
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[]) u(f, le, i), lease
    where r.id = u.i and r.status = 'running' and r.worker = lease.token and r.failing is null`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.error]),
      1,
    );
    return [packed.data, packed.offsets, ...packed.lengths, runs(rows)];
  },
};

const intent: Table<IntentEntry> = {
  before: (p) => `asked as (select * from unnest(${p(0)}::uuid[], ${p(1)}::text[], ${p(2)}::uuid[]) u(run, key, org)),
    own as materialized (select r.id from lease, platform.runs r where r.id = any(${p(0)}::uuid[]) and r.superseded_by is null
      and (r.status <> 'canceled' or r.error ->> 'code' is distinct from 'superseded') order by r.id for share of r)`,
  sql: () => `insert into platform.effects as e (run_id, key, organization_id, state, worker)
    select run, key, org, 'intended', lease.token from asked join own on own.id = asked.run, lease
    on conflict (run_id, key) do update set state = 'intended', attempts = e.attempts + 1, worker = excluded.worker, settled_by = null,
      resolved_by = null, surfaced_at = null, updated_at = now() where e.state = 'not_done' returning run_id, key, attempts`,
  // What the ledger has is read as it was before this statement: one that is ours now may still say `not_done`.
  answer: `(select jsonb_object_agg(a.run || '/' || a.key, jsonb_build_object('mine', f.key is not null,
      'own', exists (select 1 from own where own.id = a.run), 'state', e.state, 'attempt', coalesce(f.attempts, e.attempts), 'result', encode(e.result, 'base64')))
    from asked a left join flushed_intent f on f.run_id = a.run and f.key = a.key left join platform.effects e on e.run_id = a.run and e.key = a.key) as intents`,
  parameters: (rows) => [runs(rows), textArray(rows.map((row) => row.key)), organizations(rows)],
};

const outcome: Table<OutcomeEntry> = {
  // The message's row is not fenced: what the channel has taken, it has taken. A report of it may have come first, and knows better. That something was not
  // done is said of one try: whoever has it now may have tried again.
  before: (p) => `sent as (update platform.messages m set external_id = coalesce(m.external_id, u.external_id),
        status = case when u.error is null and m.status = 'queued' then 'sent' when u.error is not null and m.status in ('queued', 'uncertain') then 'failed' else m.status end,
        error = case when m.status in ('queued', 'uncertain') then u.error else m.error end
      from unnest(${p(8)}::uuid[], ${p(9)}::text[], ${p(10)}::text[], ${p(11)}::uuid[], ${p(12)}::text[], ${p(13)}::int[]) u(id, external_id, error, run, key, attempt)
      where m.id = u.id and (u.error is null or exists (
        select 1 from platform.effects e where e.run_id = u.run and e.key = u.key and e.attempts = u.attempt and e.state in ('intended', 'uncertain'))))`,
  sql: (
    p,
  ) => `update platform.effects e set state = o.state, result = nullif(substring(${p(0)}::bytea from o.f for o.l), ''), updated_at = now(),
      settled_by = case when o.state <> 'uncertain' then o.by end
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[], ${p(4)}::text[], ${p(5)}::text[], ${p(6)}::text[], ${p(7)}::int[]) o(f, l, run, key, state, by, attempt), lease
    where e.run_id = o.run and e.key = o.key and case o.state when 'done' then e.state <> 'done'
      when 'not_done' then e.state in ('intended', 'uncertain') and e.attempts = o.attempt else e.state in ('intended', 'uncertain') end`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.result]),
      1,
    );
    const sent = rows.flatMap(({ run, key, attempt, message }) => (message ? [{ run, key, attempt, ...message }] : []));
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      runs(rows),
      textArray(rows.map((row) => row.key)),
      plainArray(rows.map((row) => row.state)),
      plainArray(rows.map((row) => row.by)),
      plainArray(rows.map((row) => row.attempt)),
      plainArray(sent.map(({ id }) => id)),
      textArray(sent.map(({ externalId }) => externalId)),
      textArray(sent.map(({ error }) => error ?? null)),
      plainArray(sent.map(({ run }) => run)),
      textArray(sent.map(({ key }) => key)),
      plainArray(sent.map(({ attempt }) => attempt)),
    ];
  },
};

/** Nothing wakes up in a department that was let go: what would come to wait there ends. */
const MAY_NOT_WAIT = `(r.cancel_requested or exists (select 1 from platform.departments d where d.id = r.department_id and d.dismissed_at is not null))`;

const run: Table<RunEntry> = {
  // A cancel or an answer may have come while the run was coming to rest: the row, locked by this update, has the last word.
  // A `case`, so that rows are looked up by their ids and not in the index of all that are open (see claim.ts).
  sql: (p) => `update platform.runs r set
      status = case when u.s <> 'waiting' then u.s when ${MAY_NOT_WAIT} then 'canceled' when r.unseen_answers > 0 then 'queued' else u.s end,
      admitted_at = case when u.s = 'queued' or (u.s = 'waiting' and r.unseen_answers > 0) then null else r.admitted_at end,
      not_before = case when u.s <> 'queued' then r.not_before when not r.cancel_requested then to_timestamp(u.nb / 1000) end,
      finished_at = case when u.s in ('succeeded', 'failed', 'canceled') then now() when u.s = 'waiting' and ${MAY_NOT_WAIT} then now() end,
      deaths = case when u.s = 'queued' then r.deaths else 0 end, apart = false,
      unattended = u.s = 'failed' and r.conversation_id is not null,
      output = convert_from(nullif(substring(${p(0)}::bytea from u.f for u.lo), ''), 'UTF8')::jsonb,
      error = ${withoutUndone(`convert_from(nullif(substring(${p(0)}::bytea from u.f + u.lo for u.le), ''), 'UTF8')::jsonb`, 'r.undone')}
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::int[], ${p(4)}::uuid[], ${p(5)}::text[], ${p(6)}::float8[]) u(f, lo, le, i, s, nb), lease
    where r.id = u.i and case r.status when 'running' then r.worker = lease.token end returning r.id, r.status`,
  answer: '(select jsonb_object_agg(r.id, r.status) from flushed_run r) as runs',
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.output, row.error]),
      2,
    );
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      runs(rows),
      plainArray(rows.map((row) => row.status)),
      numbers(rows.map((row) => row.notBefore ?? null)),
    ];
  },
};

export const tables: { readonly [Kind in SealedEntry['kind']]: Table<Of<Kind>> } = {
  step,
  checkpoint,
  writes,
  wait,
  failing,
  intent,
  outcome,
  run,
};
