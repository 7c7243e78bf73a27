import type { EffectState } from '#engine/graph/statuses.js';
import { pack, plainArray, textArray } from './packing.js';

/** What runs write down, in the clear. One union, one batcher: the step records, checkpoint and status of a run commit in the order they were given. */
export type Entry =
  StepEntry | CheckpointEntry | WritesEntry | WaitEntry | FailingEntry | IntentEntry | OutcomeEntry | RunEntry;

export interface StepEntry {
  readonly kind: 'step';
  readonly run: string;
  readonly organization: string;
  readonly path: string;
  readonly attempt: number;
  readonly nodeId: string;
  readonly status: string;
  readonly port: string | null;
  /** JSON. */
  readonly input: string | null;
  readonly output: string | null;
  readonly error: Uint8Array | null;
  /** The whole value, when `output` was cut. */
  readonly whole: Uint8Array | null;
  /** Path of the step that this one undoes. */
  readonly compensates: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  readonly model: string | null;
}

export interface CheckpointEntry {
  readonly kind: 'checkpoint';
  readonly run: string;
  readonly organization: string;
  readonly ns: string;
  readonly id: string;
  readonly parent: string | null;
  /** Stands by itself: no older checkpoint is needed to read it. */
  readonly keyframe: boolean;
  readonly data: Uint8Array;
}

export interface WritesEntry {
  readonly kind: 'writes';
  readonly run: string;
  readonly organization: string;
  readonly ns: string;
  readonly checkpoint: string;
  readonly task: string;
  readonly path: string;
  readonly data: Uint8Array;
}

export interface WaitEntry {
  readonly kind: 'wait';
  readonly run: string;
  readonly organization: string;
  readonly id: string;
  readonly path: string;
  readonly of: 'contact' | 'member' | 'time' | 'event';
  /** What an event must be named for it to answer. */
  readonly event: string | null;
  readonly conversation: string | null;
  /** UTF-8 JSON that `jsonb` takes; `null` for a wait that asks nobody. */
  readonly question: Uint8Array | null;
  /** Milliseconds since 1970. */
  readonly wakeAt: number | null;
}

/** The run will fail with this, once what it had finished is undone: whoever takes it up next goes on with that. */
export interface FailingEntry {
  readonly kind: 'failing';
  readonly run: string;
  readonly organization: string;
  /** UTF-8 JSON that `jsonb` takes. */
  readonly error: Uint8Array;
}

/** Something is about to be done outside: on record with what led to it, before it happens. */
export interface IntentEntry {
  readonly kind: 'intent';
  readonly run: string;
  readonly organization: string;
  /** `<path>:<key of the node>`. */
  readonly key: string;
}

/** What the ledger knew of an effect, and what it knows with this intent. */
export interface Intended {
  /** The intent was recorded just now, by this entry. */
  readonly mine: boolean;
  /** The run may still act: no other was started in its place. Its row is held while the intent is recorded, so that this stays true. */
  readonly own: boolean;
  readonly state: EffectState;
  /** As it is sealed. */
  readonly result: Buffer | null;
}

/** A message that its channel has taken. */
export interface SentMessage {
  readonly id: string;
  /** The channel's own. */
  readonly externalId: string | null;
}

/** What became of an effect. */
export interface OutcomeEntry {
  readonly kind: 'outcome';
  readonly run: string;
  readonly organization: string;
  readonly key: string;
  readonly state: 'done' | 'uncertain' | 'not_done';
  /** JSON, of one that is done. */
  readonly result: Uint8Array | null;
  /** Who knew. */
  readonly by: 'worker' | 'provider';
  /** The row of the message that it sent says so too. */
  readonly message: SentMessage | null;
}

export interface RunEntry {
  readonly kind: 'run';
  readonly run: string;
  readonly organization: string;
  readonly status: string;
  /** UTF-8 JSON that `jsonb` takes. */
  readonly output: Uint8Array | null;
  readonly error: Uint8Array | null;
  /** Of a run that goes back to the queue: milliseconds since 1970 before which it is not taken up. */
  readonly notBefore?: number | null;
}

/** A step as its row has it: what it was given and what came of it are one value. What is sealed stands beside the entry, not in a copy of it: there is one for every step. */
export interface SealedStep {
  readonly kind: 'step';
  readonly run: string;
  readonly organization: string;
  /** Its legible part. */
  readonly entry: Omit<StepEntry, 'input' | 'output' | 'error' | 'whole'>;
  readonly payload: Uint8Array | null;
  readonly error: Uint8Array | null;
  readonly whole: Uint8Array | null;
}

/** What a flush carries. */
export type SealedEntry = SealedStep | Exclude<Entry, StepEntry>;

type Of<Kind extends Entry['kind']> = Extract<SealedEntry, { kind: Kind }>;

interface Table<Row> {
  /** The data-modifying part of the flush; `p(i)` names its i-th parameter, `lease` is empty once the worker was declared dead. */
  readonly sql: (p: (index: number) => string) => string;
  /** More parts of the statement, before that one. */
  readonly before?: (p: (index: number) => string) => string;
  /** What the statement answers, beside whether the lease is held. */
  readonly answer?: string;
  readonly parameters: (rows: readonly Row[]) => readonly unknown[];
}

const runs = (rows: readonly SealedEntry[]): string => plainArray(rows.map((row) => row.run));
const organizations = (rows: readonly SealedEntry[]): string => plainArray(rows.map((row) => row.organization));
const times = (values: readonly (number | null)[]): string => plainArray(values.map((value) => value ?? 'NULL'));

const step: Table<SealedStep> = {
  // A step that waited is recorded again with its outcome; any other outcome stands for ever.
  sql: (
    p,
  ) => `insert into platform.run_steps as s (run_id, organization_id, path, attempt, node_id, status, port, payload, error, whole,
      started_at, duration_ms, input_tokens, output_tokens, cost_micros, model, finished_at, compensates)
    select r, o, pa, a, n, st, pt, nullif(substring(${p(0)}::bytea from f for lp), ''),
      nullif(substring(${p(0)}::bytea from f + lp for le), ''), nullif(substring(${p(0)}::bytea from f + lp + le for lw), ''),
      to_timestamp(at / 1000), ms, ti, tk, c, m, to_timestamp(fi / 1000), co
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::int[], ${p(4)}::int[], ${p(5)}::uuid[], ${p(6)}::uuid[], ${p(7)}::text[],
      ${p(8)}::int[], ${p(9)}::text[], ${p(10)}::text[], ${p(11)}::text[], ${p(12)}::float8[], ${p(13)}::real[], ${p(14)}::int[], ${p(15)}::int[],
      ${p(16)}::bigint[], ${p(17)}::text[], ${p(18)}::float8[], ${p(19)}::text[])
      u(f, lp, le, lw, r, o, pa, a, n, st, pt, at, ms, ti, tk, c, m, fi, co), lease
    on conflict (run_id, path, attempt) do update set status = excluded.status, port = excluded.port, payload = excluded.payload, input = null,
      output = null, error = excluded.error, whole = excluded.whole, duration_ms = excluded.duration_ms, input_tokens = excluded.input_tokens,
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
      plainArray(rows.map(({ entry }) => entry.durationMs)),
      plainArray(rows.map(({ entry }) => entry.inputTokens)),
      plainArray(rows.map(({ entry }) => entry.outputTokens)),
      plainArray(rows.map(({ entry }) => entry.costMicros)),
      textArray(rows.map(({ entry }) => entry.model)),
      plainArray(rows.map(({ entry }) => entry.finishedAt)),
      textArray(rows.map(({ entry }) => entry.compensates)),
    ];
  },
};

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
      times(rows.map((row) => row.wakeAt)),
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
      resolved_by = null, surfaced_at = null, updated_at = now() where e.state = 'not_done' returning run_id, key`,
  // What the ledger has is read as it was before this statement: one that is ours now may still say `not_done`.
  answer: `(select jsonb_object_agg(a.run || '/' || a.key, jsonb_build_object('mine', f.key is not null,
      'own', exists (select 1 from own where own.id = a.run), 'state', e.state, 'result', encode(e.result, 'base64')))
    from asked a left join flushed_intent f on f.run_id = a.run and f.key = a.key left join platform.effects e on e.run_id = a.run and e.key = a.key) as intents`,
  parameters: (rows) => [runs(rows), textArray(rows.map((row) => row.key)), organizations(rows)],
};

const outcome: Table<OutcomeEntry> = {
  // The message's row is not fenced: what the channel has taken, it has taken. A report of it may have come first, and knows better.
  before: (
    p,
  ) => `sent as (update platform.messages m set status = case when m.status = 'queued' then 'sent' else m.status end,
      external_id = coalesce(m.external_id, u.external_id) from unnest(${p(7)}::uuid[], ${p(8)}::text[]) u(id, external_id) where m.id = u.id)`,
  sql: (
    p,
  ) => `update platform.effects e set state = o.state, result = nullif(substring(${p(0)}::bytea from o.f for o.l), ''), updated_at = now(),
      settled_by = case when o.state <> 'uncertain' then o.by end
    from unnest(${p(1)}::int[], ${p(2)}::int[], ${p(3)}::uuid[], ${p(4)}::text[], ${p(5)}::text[], ${p(6)}::text[]) o(f, l, run, key, state, by), lease
    where e.run_id = o.run and e.key = o.key and e.state in ('intended', 'uncertain')`,
  parameters: (rows) => {
    const packed = pack(
      rows.map((row) => [row.result]),
      1,
    );
    const sent = rows.flatMap(({ message }) => message ?? []);
    return [
      packed.data,
      packed.offsets,
      ...packed.lengths,
      runs(rows),
      textArray(rows.map((row) => row.key)),
      plainArray(rows.map((row) => row.state)),
      plainArray(rows.map((row) => row.by)),
      plainArray(sent.map(({ id }) => id)),
      textArray(sent.map(({ externalId }) => externalId)),
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
      output = convert_from(nullif(substring(${p(0)}::bytea from u.f for u.lo), ''), 'UTF8')::jsonb,
      error = convert_from(nullif(substring(${p(0)}::bytea from u.f + u.lo for u.le), ''), 'UTF8')::jsonb
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
      times(rows.map((row) => row.notBefore ?? null)),
    ];
  },
};

const tables: { readonly [Kind in SealedEntry['kind']]: Table<Of<Kind>> } = {
  step,
  checkpoint,
  writes,
  wait,
  failing,
  intent,
  outcome,
  run,
};
const kinds = ['step', 'checkpoint', 'writes', 'wait', 'failing', 'intent', 'outcome', 'run'] as const;
/** Those that hold the rows of their runs. */
const holding: ReadonlySet<SealedEntry['kind']> = new Set(['failing', 'intent', 'run']);

export interface Statement {
  /** Statements are prepared under their name: one for each set of tables that a flush touches. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

const texts = new Map<string, string>();

/** The whole flush as one statement: data-modifying CTEs, so that it is one round trip and commits or fails as one. */
export function flushStatement(
  worker: { readonly id: string; readonly epoch: number },
  rows: readonly SealedEntry[],
): Statement {
  const byKind = new Map<SealedEntry['kind'], SealedEntry[]>();
  for (const row of rows) {
    const list = byKind.get(row.kind);
    if (list) list.push(row);
    else byKind.set(row.kind, [row]);
  }
  const present = kinds.filter((kind) => byKind.has(kind));
  // Whoever holds several runs takes them in the order of their ids: see docs/decisions/0060. Those of one kind are, by themselves.
  for (const kind of holding) byKind.get(kind)?.sort((a, b) => (a.run < b.run ? -1 : 1));
  const isMixed = present.filter((kind) => holding.has(kind)).length > 1;
  const name = `flush:${present.join('+')}`;
  const known = texts.get(name);
  const values: unknown[] = [worker.id, worker.epoch];
  if (isMixed) values.push(runs(rows.filter(({ kind }) => holding.has(kind))));
  const parts: string[] = [];
  const answers: string[] = ['(select count(*)::int from lease) as held'];
  for (const kind of present) {
    // The rows under a kind are of that kind; the map's type cannot say so.
    const table = tables[kind] as Table<SealedEntry>;
    const base = values.length + 1;
    if (known === undefined) {
      const parameter = (index: number): string => `$${base + index}`;
      if (table.before) parts.push(table.before(parameter));
      parts.push(`flushed_${kind} as (${table.sql(parameter)})`);
      if (table.answer) answers.push(table.answer);
    }
    values.push(...table.parameters(byKind.get(kind) ?? []));
  }
  if (known !== undefined) return { name, text: known, values };
  // FOR SHARE orders us against whoever declares us dead: either our commit comes first, or we see the worker dead and write nothing.
  const lease = `select w.id || '@' || w.epoch as token from platform.workers w where w.id = $1 and w.epoch = $2 and w.alive for share`;
  const text = `with ${isMixed ? holdingAll(lease) : `lease as materialized (${lease})`},
    ${parts.join(',\n    ')}
    select ${answers.join(', ')}`;
  texts.set(name, text);
  return { name, text, values };
}

/** Every part of the statement asks for the lease, and so comes after all of its runs are held. */
const holdingAll = (lease: string): string => `alive as materialized (${lease}),
    held as materialized (select r.id from alive, platform.runs r where r.id = any($3::uuid[]) order by r.id for no key update of r),
    lease as materialized (select alive.token from alive, (select count(*) from held) all_held)`;
