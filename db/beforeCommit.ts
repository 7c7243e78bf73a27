import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';

/** What a request has its transactions write before they commit: it stands or falls with the rest. */
export interface LastWords<Of = unknown> {
  readonly of: Of;
  /** Writes it for all of these, whose rest was written by one transaction. */
  readonly write: (trx: Knex.Transaction, all: readonly Of[]) => Promise<void>;
}

const current = new AsyncLocalStorage<LastWords>();

/** Runs `work`; every transaction that a request opens in it writes `last` before it commits. */
export const withBeforeCommit = <Of>(last: LastWords<Of>, work: () => void): void =>
  current.run(last as LastWords, work);

/** The transaction's last words, if somebody asked for any. Not themselves followed by others. */
export async function beforeCommit(trx: Knex.Transaction): Promise<void> {
  const last = current.getStore();
  await last?.write(trx, [last.of]);
}

/** What the request at hand asked for, to be kept with what another transaction will write for it. */
export const lastWords = (): LastWords | undefined => current.getStore();

/** Runs `work` for several requests at once: its transactions are nobody's own. They `writeLast` for those whose rest they wrote. */
export const forSeveral = <T>(work: () => T): T => current.exit(work);

export async function writeLast(trx: Knex.Transaction, all: readonly (LastWords | undefined)[]): Promise<void> {
  const given = all.filter((words) => words !== undefined);
  for (const write of new Set(given.map((words) => words.write)))
    await write(
      trx,
      given.filter((words) => words.write === write).map((words) => words.of),
    );
}
