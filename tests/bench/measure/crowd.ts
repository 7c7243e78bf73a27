import type { BenchDatabase } from './stores.js';

/** Tables that a message hangs on, from the top. Copies keep every column but their ids, so that a new column needs no change here. */
const tables = ['departments', 'channels', 'contacts', 'conversations', 'messages'] as const;

/**
 * Fills a database as years of use would: `organizations` in all, each with one department, one channel and `conversations` conversations of
 * `messages` messages, copied from one organization that really exists. What is sealed opens for no other organization, so the copies hold legible texts
 * that are as long, as rows from before texts were sealed do: whoever reads them can.
 */
export async function fillWithOthers(
  database: BenchDatabase,
  template: string,
  { organizations, conversations, messages }: { organizations: number; conversations: number; messages: number },
): Promise<void> {
  await database.rows(`create function platform.bench_id(at timestamptz) returns uuid language sql volatile as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
      || '8' || substr(md5(random()::text), 1, 15))::uuid $$`);
  const columns = await columnsOf(database);
  const copy = async (table: string, changed: Readonly<Record<string, string>>, from: string): Promise<void> => {
    const names = columns.get(table) ?? [];
    const values = names.map((name) => changed[name] ?? `t.${name}`);
    await database.rows(`insert into platform.${table} (${names.join(', ')}) select ${values.join(', ')} from ${from}`);
  };
  const first = (table: string): string =>
    `(select * from platform.${table} where organization_id = '${template}' order by id limit 1) t`;

  await copy(
    'organizations',
    { id: 'platform.bench_id(now())', name: `'Shop ' || n`, slug: `'shop-' || n` },
    `(select * from platform.organizations where id = '${template}') t, generate_series(1, ${organizations}) n`,
  );
  const others = `(select id as org from platform.organizations where slug ~ '^shop-[0-9]+$') o`;
  await copy('departments', { id: 'o.org', organization_id: 'o.org' }, `${first('departments')}, ${others}`);
  await copy(
    'channels',
    { id: 'o.org', organization_id: 'o.org', department_id: 'o.org', external_id: 'o.org::text' },
    `${first('channels')}, ${others}`,
  );
  const many = `${others}, generate_series(1, ${conversations}) n`;
  const contact = `'+55' || n || '/' || o.org`;
  await copy(
    'contacts',
    {
      id: `md5('contact' || o.org || n)::uuid`,
      organization_id: 'o.org',
      external_id: contact,
      address: 'null',
      name: `'Cliente ' || n`,
      phone: 'null',
      attributes: `'{}'`,
    },
    `${first('contacts')}, ${many}`,
  );
  await copy(
    'conversations',
    {
      id: `md5('conversation' || o.org || n)::uuid`,
      organization_id: 'o.org',
      channel_id: 'o.org',
      department_id: 'o.org',
      contact_id: `md5('contact' || o.org || n)::uuid`,
      handoff_reason: 'null',
      handoff_summary: 'null',
    },
    `${first('conversations')}, ${many}`,
  );
  await copy(
    'messages',
    {
      id: `platform.bench_id(now() - m * interval '1 minute')`,
      organization_id: 'o.org',
      conversation_id: `md5('conversation' || o.org || n)::uuid`,
      external_id: `null`,
      run_id: 'null',
      answered_by: 'o.org',
      text: `repeat('a', length(t.text))`,
      payload: `jsonb_build_object('note', repeat('a', length(t.payload::text)))`,
    },
    `${first('messages')}, ${many}, generate_series(1, ${messages}) m`,
  );
}

/**
 * As autovacuum and the checkpointer leave a database that has been filled over months: statistics, visibility, and nothing written that a checkpoint in the
 * midst of the measurement would have to carry to the disk.
 */
export async function settle(database: BenchDatabase): Promise<void> {
  await database.rows('vacuum analyze');
  await database.rows('checkpoint');
}

/** More messages in a conversation of an organization's own, copied from its first: they open as that one does. */
export async function lengthen(database: BenchDatabase, conversationId: string, messages: number): Promise<void> {
  const names = (await columnsOf(database)).get('messages') ?? [];
  const changed: Readonly<Record<string, string>> = {
    id: `platform.bench_id(now() - m * interval '1 minute')`,
    external_id: 'null',
    run_id: 'null',
    answered_by: 'conversation_id',
  };
  const values = names.map((name) => changed[name] ?? `t.${name}`);
  await database.rows(
    `insert into platform.messages (${names.join(', ')}) select ${values.join(', ')} from
     (select * from platform.messages where conversation_id = $1 order by id limit 1) t, generate_series(1, ${messages}) m`,
    [conversationId],
  );
}

async function columnsOf(database: BenchDatabase): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.rows<{ name: string; columns: string[] }>(
    `select table_name as name, array_agg(column_name::text) as columns from information_schema.columns
     where table_schema = 'platform' and table_name = any($1) and is_generated = 'NEVER' group by table_name`,
    [['organizations', ...tables]],
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}
