import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';

interface Column {
  readonly name: string;
  readonly type: string;
  /** `atttypmod`: the dimensions of a vector. */
  readonly modifier: number;
  readonly required: boolean;
  /** The table whose id it holds: by a foreign key, or by its name where a key would cost too much. */
  readonly references: string | null;
  /** The values that a check constraint allows. */
  readonly allowed: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** What belongs to a department says so by one of these, directly or through its parent. */
export const departmentLinks: Readonly<Record<string, string>> = {
  department_id: 'departments',
  run_id: 'runs',
  conversation_id: 'conversations',
  message_id: 'messages',
};

/** Whether its rows are some department's, and seen only by those who see it. */
export const isDepartmental = ({ name, columns }: Table): boolean =>
  name === 'departments' || columns.some((column) => column.type === 'uuid' && column.name in departmentLinks);

/** Every table of the schema with what must be known to write a row of it, those that others point at first. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Column & { table: string; check: string | null }>(`
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type, a.atttypmod as modifier,
      a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' as required,
      (select k.confrelid::regclass::text from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as references,
      (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as check
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p') order by 1, a.attnum`);
  const tables = new Map<string, Column[]>();
  for (const { table, check, references, ...column } of rows) {
    const allowed = [...(check ?? '').matchAll(/'([^']*)'::/g)].map(([, value = '']) => value);
    const columns = tables.get(table) ?? [];
    const named = column.type === 'uuid' ? (departmentLinks[column.name] ?? null) : null;
    columns.push({ ...column, references: references?.replace(/^platform\./, '') ?? named, allowed });
    tables.set(table, columns);
  }
  return inOrder([...tables].map(([name, columns]) => ({ name, columns })));
}

function inOrder(tables: readonly Table[]): Table[] {
  const placed = new Map<string, Table>();
  while (placed.size < tables.length) {
    const next = tables.filter(
      ({ name, columns }) =>
        !placed.has(name) &&
        columns.every(({ references }) => !references || references === name || placed.has(references)),
    );
    if (next.length === 0) throw new Error('foreign keys go in a circle: say here which to leave out');
    for (const table of next) placed.set(table.name, table);
  }
  return [...placed.values()];
}

export type Row = Readonly<Record<string, unknown>>;

/** A row that the table's constraints accept, pointing at the rows of `of`. */
export function rowFor(table: Table, organizationId: string, of: ReadonlyMap<string, Row>): Row {
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (column.name === 'organization_id' || (table.name === 'organizations' && column.name === 'id'))
      row[column.name] = organizationId;
    else if (column.references && (column.required || column.name in departmentLinks))
      row[column.name] = of.get(column.references)?.['id'];
    else if (column.required) row[column.name] = valueFor(column);
  }
  return row;
}

function valueFor({ name, type, modifier, allowed }: Column): unknown {
  if (allowed.length > 0) return allowed[0];
  if (type === 'uuid') return randomUUID();
  if (type === 'text' || type.startsWith('character')) return randomBytes(8).toString('hex');
  if (type === 'bytea') return randomBytes(16);
  if (type === 'jsonb' || type.endsWith('[]')) return '{}';
  if (type.startsWith('timestamp')) return new Date();
  if (type === 'boolean') return true;
  if (type === 'vector') return JSON.stringify(Array.from({ length: modifier }, () => Math.random()));
  if (/int|real|double|numeric/.test(type)) return 1;
  throw new Error(`a value of ${name} (${type}) is not known: say here what one looks like`);
}

export function insert(table: Table, row: Row): [sql: string, values: unknown[]] {
  const columns = Object.keys(row);
  const marks = columns.map((_, at) => `$${at + 1}`);
  return [
    `insert into platform.${table.name} (${columns.join(', ')}) values (${marks.join(', ')})`,
    Object.values(row),
  ];
}

/** A row of an organization in every table that can have one, and of everything they point at. */
export async function seedOrganization(
  client: pg.Client,
  tables: readonly Table[],
  organizationId: string,
): Promise<Map<string, Row>> {
  const seeded = new Map<string, Row>();
  for (const table of tables) {
    if (table.name === 'migrations') continue;
    const row = rowFor(table, organizationId, seeded);
    await client.query(...insert(table, row));
    seeded.set(table.name, row);
  }
  return seeded;
}
