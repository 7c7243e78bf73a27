import type { Knex } from 'knex';
import type { Query as Statement } from '#db/query.js';
import type { Query } from '#engine/worker/query.js';

/** Plain SQL with `$1` parameters in a transaction; answers the rows. */
export function queryOf(trx: Knex.Transaction): Query {
  return async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await run(trx, text, values);
    return rows as Row[];
  };
}

/** The same in the shape that `db` shares with the engine. */
export const statementOf =
  (trx: Knex.Transaction): Statement =>
  (text, values) =>
    run(trx, text, values);

/**
 * A statement that is parsed once a connection, under a name: for what is asked over and over and inserts, or finds what it reads by its key, so that it has the same plan however full
 * its tables are.
 */
export const namedRaw = <Row extends object>(
  trx: Knex.Transaction,
  name: string,
  text: string,
  values: readonly unknown[],
): Knex.Raw<{ rows: Row[] }> => rawOf<Row>(trx, text, values).options({ name });

/** The same as `queryOf`, under a name: see `namedRaw`. */
export const namedQueryOf =
  (trx: Knex.Transaction) =>
  async <Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> =>
    (await namedRaw<Row>(trx, name, text, values)).rows;

function run(trx: Knex.Transaction, text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
  return Promise.resolve(rawOf<object>(trx, text, values));
}

/** Knex counts `?` in order; `$1` may stand anywhere, and more than once. */
function rawOf<Row extends object>(
  trx: Knex.Transaction,
  text: string,
  values: readonly unknown[],
): Knex.Raw<{ rows: Row[] }> {
  const ordered: Knex.RawBinding[] = [];
  const sql = text.replace(/\$(\d+)/g, (_, number) => {
    ordered.push(values[Number(number) - 1] as Knex.RawBinding);
    return '?';
  });
  return trx.raw<{ rows: Row[] }>(sql, ordered);
}
