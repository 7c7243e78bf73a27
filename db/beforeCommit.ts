import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';

type BeforeCommit = (trx: Knex.Transaction) => Promise<void>;

const current = new AsyncLocalStorage<BeforeCommit>();

/** Runs `work`; every transaction that a request opens in it calls `last` before it commits. What `last` writes stands or falls with the rest. */
export const withBeforeCommit = (last: BeforeCommit, work: () => void): void => current.run(last, work);

/** The transaction's last words, if somebody asked for any. Not themselves followed by others. */
export const beforeCommit = (trx: Knex.Transaction): Promise<void> => current.getStore()?.(trx) ?? Promise.resolve();
