import type { Pool, PoolClient } from 'pg';
import { isReadOnly } from '#db/errors.js';
import { failpoint } from '#db/failpoint.js';
import type { Query as DatabaseQuery } from '#db/query.js';
import type { Keyring } from '#db/seal.js';
import type { Vault } from '#db/sealing/vault.js';
import { Room } from './room.js';

/** Runs one statement with `$1` parameters and answers its rows, on whatever the caller has open: the pool or a transaction. */
export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** The same where people's words are read and written: with the keys of whoever they belong to. */
export interface WorkQuery extends Query {
  vault(organizationId: string): Promise<Vault>;
}

/** A pool's keys travel with it: whoever reads a row can open it, and nobody has to hand keys from call to call. */
const keyrings = new WeakMap<Pool, Keyring>();
export const bindKeyring = (pool: Pool, keyring: Keyring): void => void keyrings.set(pool, keyring);

export function keyringOf(pool: Pool): Keyring {
  const keyring = keyrings.get(pool);
  if (!keyring) throw new Error('This pool was given no keys');
  return keyring;
}

/** The keys of an organization, for work on the pool itself. */
export const vaultOf = (pool: Pool, organizationId: string): Promise<Vault> => queryOf(pool).vault(organizationId);

/** @param client of a transaction on the pool */
export function queryOf(pool: Pool, client?: PoolClient): WorkQuery {
  const source = client ?? pool;
  const query = async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await source.query<Row>({ name: nameOf(text), text, values: [...values] });
    return rows;
  };
  return Object.assign(query, {
    vault: (organizationId: string) => keyringOf(pool).vault(sharedQuery(query), organizationId),
  });
}

/** A statement with a name is parsed and planned once a connection. Texts are constants of the code, so there are only so many. */
const names = new Map<string, string>();
function nameOf(text: string): string {
  const known = names.get(text) ?? `worker:${names.size}`;
  names.set(text, known);
  return known;
}

/** The same for SQL that the server shares. */
export const sharedQuery =
  (query: Query): DatabaseQuery =>
  async (text, values) => ({ rows: await query(text, values) });

/**
 * Connections of a pool that transactions have at once, all but what arrives: a transaction keeps its connection from one round trip to the next, and
 * a flood of them would hold up every single statement behind it, with which runs are claimed, recorded and ended.
 */
const transactionsOf = (pool: Pool): number => Math.max(1, Math.floor(pool.options.max * 0.3));
/** Those that take in what arrives, which takes its turns before (see 0020). What comes first from somebody has places of its own, which no flood of others can fill. */
export const intakeOf = ({ options: { max } }: Pool): { readonly first: number; readonly others: number } => ({
  first: Math.max(1, Math.floor(max * 0.2)),
  others: Math.max(1, Math.floor(max * 0.3)),
});

const rooms = new WeakMap<Pool, Room>();
function roomOf(pool: Pool): Room {
  const known = rooms.get(pool) ?? new Room(transactionsOf(pool));
  rooms.set(pool, known);
  return known;
}

/**
 * All or nothing. Keep it short and wait for nothing else inside: embedded, everybody shares one session. One that is `urgent` goes before those that wait
 * for others to end.
 */
export const transaction = <T>(
  pool: Pool,
  work: (query: TransactionQuery) => Promise<T>,
  { urgent = false } = {},
): Promise<T> => roomOf(pool).use(urgent, async () => (await transact(pool, work, async () => undefined)).result);

/** A transaction, whose statements may travel with each other. */
export interface TransactionQuery extends WorkQuery {
  /**
   * A statement on whose answer nothing of the transaction depends: it travels with the commit, which is a rollback should it fail; the transaction then
   * fails with its error.
   */
  readonly lastly: Query;
}

/** What came of a transaction, and of what was asked behind it: settled, and rejected only if the commit succeeded and that did not. */
export interface Transacted<T, Behind> {
  readonly result: T;
  readonly behind: Promise<Behind>;
}

/**
 * The same for what arrives, of which `intakeOf` at most come at once. `behind` is asked after the commit on the same connection, so that it sees what was
 * committed and costs no way of its own.
 */
export async function transact<T, Behind>(
  pool: Pool,
  work: (query: TransactionQuery) => Promise<T>,
  behind: (query: WorkQuery, result: T) => Promise<Behind>,
): Promise<Transacted<T, Behind>> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const query = queryOf(pool, client);
  const unanswered: Promise<unknown>[] = [];
  /** Waited for with the commit. */
  const sent = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    answer.catch(() => {});
    unanswered.push(answer);
    return answer;
  };
  const lastly: Query = (text, values) => sent(query(text, values));
  try {
    // Travels with the first statement of the work.
    void sent(client.query('begin'));
    const result = await work(Object.assign(queryOf(pool, client), { lastly }));
    await failpoint('transaction.commit.before');
    const committed = sent(client.query('commit'));
    const after = behind(query, result);
    await Promise.allSettled([after]);
    await Promise.all(unanswered);
    if ((await committed).command !== 'COMMIT') throw new Error('A statement of the transaction had failed');
    await failpoint('transaction.commit.after');
    return { result, behind: after };
  } catch (error) {
    if (isReadOnly(error)) broken = error as Error;
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    // A session that could not roll back must not be lent again, nor one at a server that takes no writes.
    client.release(broken);
  }
}
