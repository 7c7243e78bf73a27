import type { BenchDatabase } from './stores.js';

export interface Statements {
  /** Statements that came from outside, those of foreign keys not counted. */
  readonly all: number;
  /** BEGIN and COMMIT among them. */
  readonly transactions: number;
}

/** Statements that a database was asked from now until it is called; `null` where PostgreSQL was started without pg_stat_statements. */
export async function statementsSpent(database: BenchDatabase): Promise<() => Promise<Statements | null>> {
  const read = async (): Promise<Statements | null> => {
    const [row] = await database
      .rows<Statements>(
        `select coalesce(sum(calls), 0)::int as all, coalesce(sum(calls) filter (where query ~* '^(begin|commit)'), 0)::int as transactions
         from pg_stat_statements where toplevel and dbid = (select oid from pg_database where datname = current_database())`,
      )
      .catch(() => []);
    return row ?? null;
  };
  await database.rows('create extension if not exists pg_stat_statements').catch(() => {});
  const before = await read();
  return async () => {
    const after = await read();
    return before && after && { all: after.all - before.all, transactions: after.transactions - before.transactions };
  };
}
