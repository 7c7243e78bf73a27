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

/** Knex counts `?` in order; `$1` may stand anywhere, and more than once. */
function run(trx: Knex.Transaction, text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
  const ordered: Knex.RawBinding[] = [];
  const sql = text.replace(/\$(\d+)/g, (_, number) => {
    ordered.push(values[Number(number) - 1] as Knex.RawBinding);
    return '?';
  });
  return Promise.resolve(trx.raw<{ rows: unknown[] }>(sql, ordered));
}
