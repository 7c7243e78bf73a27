import type { Pool } from 'pg';
import { openBytes, openStep, type StoredStep } from '#db/sealing/runRecords.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Settled } from '#engine/graph/levels.js';
import type { Json } from '#nodes/sdk/json.js';

/** A question or a time waited for, as the table has it. */
export interface KnownWait {
  readonly answered: boolean;
  readonly answer: Json;
  /** Milliseconds since 1970. */
  readonly wakeAt: number | null;
}

/** What earlier executions of a run left behind. */
export interface History {
  /** Finished steps by path: they are not executed again. */
  readonly settled: ReadonlyMap<string, Settled>;
  /** Highest attempt on record, by path. */
  readonly attempts: ReadonlyMap<string, number>;
  /** Paths whose highest attempt is on record as waiting: the outcome takes that record's place. */
  readonly waiting: ReadonlySet<string>;
  readonly waits: ReadonlyMap<string, KnownWait>;
  /** What a fork gives to one of its steps instead of what the steps before it made. */
  readonly given: { readonly path: string; readonly input: Json } | null;
  /** Characters of what its steps made. */
  readonly size: number;
  /** When the last step on record ended, in milliseconds since 1970: what is recorded next comes after it, whatever this machine's clock says. */
  readonly lastMoment: number;
}

export const NO_HISTORY: History = {
  settled: new Map(),
  attempts: new Map(),
  waiting: new Set(),
  waits: new Map(),
  given: null,
  size: 0,
  lastMoment: 0,
};

interface StepRow extends StoredStep {
  readonly path: string;
  readonly attempt: number;
  readonly status: string;
  readonly port: string | null;
  /** The whole output, when it was too big for the payload. */
  readonly whole: Buffer | null;
  readonly endedAt: number | null;
}
interface RunRow {
  readonly path: string | null;
  readonly input: Json;
}
interface WaitRow {
  readonly path: string;
  readonly answered: boolean;
  readonly answer: Json;
  readonly wakeAt: number | null;
}

/** Bytes of what a run has left behind. */
export async function storedSize(pool: Pool, runId: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>({
    name: 'history:size',
    // How long a value is is known without reading it.
    text: `select (select coalesce(sum(coalesce(octet_length(whole), octet_length(payload), octet_length(output), 0)), 0) from platform.run_steps where run_id = $1)::float8
        + (select coalesce(sum(octet_length(data)), 0) from platform.step_packs where run_id = $1)::float8 as bytes`,
    values: [runId],
  });
  return rows[0]?.bytes ?? 0;
}

/** Reads the step records and waits of a run that ran before. */
export async function loadHistory(pool: Pool, runId: string, vault: Vault): Promise<History> {
  const [steps, waits, runs] = await Promise.all([
    pool.query<StepRow>({
      name: 'history:steps',
      text: `select distinct on (path) path, attempt, status, port, whole,
          case when port is not null and whole is null then payload end as payload, null::bytea as input,
          case when port is not null and whole is null then pack end as pack, place,
          case when port is not null and whole is null then output end as output,
          extract(epoch from finished_at)::float8 * 1000 as "endedAt"
        from platform.run_steps where run_id = $1 order by path, attempt desc`,
      values: [runId],
    }),
    pool.query<WaitRow>({
      name: 'history:waits',
      text: `select path, answered_at is not null as answered, answer, extract(epoch from wake_at)::float8 * 1000 as "wakeAt"
        from platform.waits where run_id = $1`,
      values: [runId],
    }),
    pool.query<RunRow>({
      name: 'history:run',
      text: `select case when forked_input is not null then forked_path end as path, forked_input as input from platform.runs where id = $1`,
      values: [runId],
    }),
  ]);
  const packs = await readPacks((text, values) => pool.query(text, values), vault, runId, steps.rows);
  const settled = new Map<string, Settled>();
  let size = 0;
  for (const row of steps.rows) {
    const { path, status, port, whole } = row;
    // A failed step that took a port (`route`, `continue`) is finished; one that stopped the run took none and is tried again.
    if (port === null && status !== 'skipped') continue;
    const output = whole ? openBytes(vault, whole) : openStep(vault, packs, row).output;
    const text = output?.toString() ?? 'null';
    size += text.length;
    settled.set(path, { port, value: JSON.parse(text) as Json });
  }
  return {
    settled,
    attempts: new Map(steps.rows.map(({ path, attempt }) => [path, attempt])),
    waiting: new Set(steps.rows.flatMap(({ path, status }) => (status === 'waiting' ? [path] : []))),
    waits: new Map(
      waits.rows.map(({ path, ...wait }) => [path, { ...wait, answer: vault.openJson(wait.answer) as Json }]),
    ),
    given: givenBy(vault, runs.rows[0]),
    size,
    lastMoment: steps.rows.reduce((last, { endedAt }) => Math.max(last, endedAt ?? 0), 0),
  };
}

const givenBy = (vault: Vault, run: RunRow | undefined): History['given'] =>
  run && run.path !== null ? { path: run.path, input: vault.openJson(run.input) as Json } : null;
