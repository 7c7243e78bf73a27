import type { VaultOf } from '#db/sealing/vault.js';
import type { Plan } from '#engine/compile/plan.js';
import { RunInterrupted } from './errors.js';
import { Execution, type ExecutionOptions } from './execution.js';
import { loadHistory } from './history.js';
import { jsonbBytes } from './json.js';
import type { Lease } from './lease.js';
import { onAbort } from './onAbort.js';
import type { RunError, RunRow } from './rows.js';
import { toUndo, undo } from './undo.js';
import type { Pool } from 'pg';

/** What all executions of a worker share. */
export type Shared = Omit<ExecutionOptions, 'run' | 'history' | 'maxSteps'> & {
  readonly pool: Pool;
  readonly lease: Lease;
  readonly vaultOf: VaultOf;
};

/** An error as the row of a run keeps it. */
export const errorBytes = ({ notUndone, detail, ...error }: RunError): Buffer =>
  jsonbBytes({ ...error, ...(detail && { detail }), ...(notUndone && { notUndone: [...notUndone] }) });

/**
 * Undoes what a failing run had finished, where its author said how. That it fails is on record first, so that a worker which takes it up
 * after a crash goes on undoing. Returns the error with what could not be undone, or `null` when the run was put down half way.
 * A cancel no longer changes anything. Throws `LeaseLost` and `StoreUnavailable`.
 */
export async function compensate(
  shared: Shared,
  plan: Plan,
  run: RunRow,
  error: RunError,
  signal: AbortSignal,
): Promise<RunError | null> {
  const { pool, lease, journal, vaultOf } = shared;
  const vault = await vaultOf(run.organizationId);
  const list = await toUndo(pool, run.id, vault, plan);
  if (list.length === 0) return error;
  await journal.add({
    kind: 'failing',
    run: run.id,
    organization: run.organizationId,
    error: errorBytes(error),
  });
  const execution = new Execution({
    ...shared,
    run,
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
    const notUndone = await undo(execution, plan, list);
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
