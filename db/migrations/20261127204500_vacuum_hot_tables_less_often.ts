import type { Knex } from 'knex';

/** Every answer writes to these, several times to some. */
const hot = [
  'runs',
  'run_steps',
  'messages',
  'conversations',
  'contacts',
  'inbound_events',
  'effects',
  'model_spend',
] as const;
/** Rows that change before a table is looked after, on top of PostgreSQL's share of the table (a fifth, a tenth). Its default is 50, and 1,000 for rows that are only added. */
const CHANGES = 20_000;
const parameters = [
  'autovacuum_vacuum_threshold',
  'autovacuum_vacuum_insert_threshold',
  'autovacuum_analyze_threshold',
];

/** Each vacuum and each analysis makes every session plan anew what it knows of the table, in the midst of whoever waits for an answer: docs/decisions/0087. */
export async function up(knex: Knex): Promise<void> {
  const settings = parameters.map((name) => `${name} = ${CHANGES}`).join(', ');
  for (const table of hot) await knex.raw(`alter table platform.${table} set (${settings})`);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of hot) await knex.raw(`alter table platform.${table} reset (${parameters.join(', ')})`);
}
