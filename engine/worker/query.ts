import type { Pool, PoolClient } from 'pg';
import { failpoint } from '#db/failpoint.js';
import type { Query as DatabaseQuery } from '#db/query.js';

/** Runs one statement with `$1` parameters and answers its rows, on whatever the caller has open: the pool or a transaction. */
export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

export function queryOf(source: Pool | PoolClient): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await source.query<Row>({ name: nameOf(text), text, values: [...values] });
    return rows;
  };
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

/** All or nothing. Keep it short and wait for nothing else inside: embedded, everybody shares one session. */
export async function transaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(queryOf(client));
    await failpoint('transaction.commit.before');
    await client.query('commit');
    await failpoint('transaction.commit.after');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    // A session that could not roll back must not be lent again.
    client.release(broken);
  }
}
