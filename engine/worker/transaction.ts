import type { Pool } from 'pg';
import { queryOf, type Query } from '#db/query.js';

/** All or nothing. Keep it short and wait for nothing else inside: embedded, everybody shares one session. */
export async function transaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(queryOf(client));
    await client.query('commit');
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
