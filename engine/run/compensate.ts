import type { VaultOf } from '#db/sealing/vault.js';
import type { Plan } from '#engine/compile/plan.js';
import { RunInterrupted } from './errors.js';
import { Execution, type ExecutionOptions } from './execution.js';
import { loadHistory } from './history.js';
import { jsonbBytes } from './json.js';
import type { Lease } from './lease.js';
import { onAbort } from '#engine/signals/onAbort.js';
import type { RunError, RunRow } from './rows.js';
import { leftUnfinished, toUndo, undo, undoingPath } from './undo.js';
import type { Pool } from 'pg';
import type { Weight } from './weights.js';

/** What all executions of a worker share. */
export type Shared = Omit<ExecutionOptions, 'run' | 'history' | 'weight' | 'maxSteps' | 'progressed'> & {
  readonly pool: Pool;
  readonly lease: Lease;
  readonly vaultOf: VaultOf;
};

/** An error as the row of a run keeps it. */
export const errorBytes = ({ notUndone, undoing, detail, ...error }: RunError): Buffer =>
  jsonbBytes({
    ...error,
    ...(detail && { detail }),
    ...(notUndone && { notUndone: [...notUndone] }),
    ...(undoing && { undoing }),
  });

/**
 * Undoes what a failing run had finished, where its author said how. That it fails is on record first, so that a worker which takes it up
 * after a crash goes on undoing. Returns the error with what could not be undone, or `null` when the run was put down half way.
 * A cancel no longer changes anything. Throws `LeaseLost` and `StoreUnavailable`.
 */
export async function compensate(
  shared: Shared,
  plan: Plan,
  run: RunRow,
  { notUndone: _yet, ...error }: RunError,
  weight: Weight,
  signal: AbortSignal,
): Promise<RunError | null> {
  const { pool, lease, journal, vaultOf } = shared;
  const vault = await vaultOf(run.organizationId);
  const list = await toUndo(pool, run.id, vault, plan);
  const unfinished = await leftUnfinished(pool, run.id, plan);
  if (list.length === 0) return unfinished.length > 0 ? { ...error, notUndone: unfinished } : error;
  await journal.add({
    kind: 'failing',
    run: run.id,
    organization: run.organizationId,
    // Should nobody be able to go on: see `givenUp`.
    error: errorBytes({ ...error, notUndone: [...list.map(undoingPath), ...unfinished] }),
  });
  const execution = new Execution({
    ...shared,
    run,
    weight,
    history: await loadHistory(pool, run.id, vault),
    maxSteps: Number.POSITIVE_INFINITY,
  });
  const release = [
    onAbort(signal, (reason) => {
      if (reason instanceof RunInterrupted) execution.stop(reason);
    }),
    onAbort(lease.lost, (reason) => execution.lose(reason)),
  ];
  try {
    const notUndone = [...(await undo(execution, plan, list)), ...unfinished];
    await execution.written();
    return notUndone.length > 0 ? { ...error, notUndone } : error;
  } catch (reason) {
    if (execution.lost !== null) throw execution.lost;
    if (execution.signal.aborted) return null;
    throw reason;
  } finally {
    for (const stop of release) stop();
  }
}

/** The error of a run that was failing and whose undoing nobody can go on with: what it failed of, the code of what is in the way, and what is left. */
export async function givenUp(pool: Pool, runId: string, failing: RunError, undoing: string): Promise<RunError> {
  const { notUndone = [], ...error } = failing;
  const { rows } = await pool.query<{ path: string }>(LEFT, [runId, notUndone]);
  return { ...error, notUndone: rows.map(({ path }) => path), undoing };
}

/** Undoings without a record, and without a record of all that they did outside; what was refused was done there, and undid nothing. */
const LEFT = `select u.path from unnest($2::text[]) with ordinality u(path, place)
  where not exists (select 1 from platform.run_steps s where s.run_id = $1 and s.path = u.path and s.status = 'succeeded')
    and (exists (select 1 from platform.run_steps s where s.run_id = $1 and s.path = u.path and s.status = 'failed' and s.port is not null)
      or not coalesce((select bool_and(e.state = 'done') from platform.effects e where e.run_id = $1 and starts_with(e.key, u.path || ':')), false)) order by u.place`;
