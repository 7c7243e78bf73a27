import type { Knex } from 'knex';

const unanswered = new WeakMap<Knex.Transaction, Promise<unknown>[]>();

/**
 * Asks a statement on whose answer nothing of the transaction depends. Resolves when it is on its way, so that what comes next, and be it the commit, travels with it;
 * should it fail, the transaction fails with its error. `answer` is there once the transaction has ended.
 */
export async function lastly<Answer>(
  trx: Knex.Transaction,
  statement: Knex.Raw<Answer>,
): Promise<{ readonly answer: Promise<Answer> }> {
  const sent = new Promise<void>((resolve) => void statement.on('query', () => resolve()));
  const answer = Promise.resolve(statement) as Promise<Answer>;
  const asked = unanswered.get(trx);
  // Nobody would hear of it at the end of a transaction within another.
  if (!asked) await answer;
  asked?.push(answer);
  await Promise.race([sent, answer.then(undefined, () => {})]);
  return { answer };
}

/** Runs `transact`, which calls `within` for its transaction: it fails with what a statement that nobody waited for has failed with. */
export async function hearingAll<T>(transact: (within: (trx: Knex.Transaction) => void) => PromiseLike<T>): Promise<T> {
  const asked: Promise<unknown>[] = [];
  try {
    return await transact((trx) => void unanswered.set(trx, asked));
  } catch (error) {
    const answers = await Promise.allSettled(asked);
    const failed = answers.find((answer) => answer.status === 'rejected' && !isAborted(answer.reason));
    throw failed?.status === 'rejected' ? failed.reason : error;
  }
}

/** Refused because of what went wrong in the transaction before it (in_failed_sql_transaction). */
const isAborted = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '25P02';
