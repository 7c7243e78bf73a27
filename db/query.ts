import type { Knex } from 'knex';
import type { Pool, PoolClient } from 'pg';

/** Runs one statement with `$1` parameters and answers its rows: what a Knex transaction and a pg client have in common. */
export type Query = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

export function queryOf(source: Pool | PoolClient): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await source.query<Row>(text, [...values]);
    return rows;
  };
}

/** The same over a Knex transaction, so that one piece of SQL serves the server and the worker. */
export function queryOfTransaction(trx: Knex.Transaction): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    // Knex counts `?`; a named binding may be used more than once and in any order, as `$1` may.
    const named = Object.fromEntries(values.map((value, at) => [`p${at + 1}`, value]));
    const { rows } = await trx.raw<{ rows: Row[] }>(
      text.replace(/\$(\d+)/g, ':p$1'),
      named as Record<string, Knex.Value>,
    );
    return rows;
  };
}
