import type { Knex } from 'knex';

/**
 * Runs one statement with `$1` parameters on whatever transaction the caller has open: what a pg client and a Knex transaction
 * have in common. A pg client or pool fits as `(text, values) => client.query(text, values)`.
 */
export type Query = (text: string, values: unknown[]) => PromiseLike<{ readonly rows: readonly unknown[] }>;

/** A Knex transaction as a `Query`, so that one piece of SQL serves the server and the worker. */
export function queryOf(trx: Knex.Transaction): Query {
  return async (text, values) => {
    // Knex counts `?`; a named binding may be used more than once and in any order, as `$1` may.
    const named = Object.fromEntries(values.map((value, at) => [`p${at + 1}`, value])) as Record<
      string,
      Knex.RawBinding
    >;
    return trx.raw<{ rows: unknown[] }>(text.replace(/\$(\d+)/g, ':p$1'), named);
  };
}

/** The rows of one statement, as the caller knows them to be. */
export async function rowsOf<Row>(query: Query, text: string, values: unknown[]): Promise<readonly Row[]> {
  return (await query(text, values)).rows as readonly Row[];
}
