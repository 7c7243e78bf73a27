import type { SealedEntry } from './journalEntries.js';
import { runs, type Table } from './journalTable.js';
import { tables } from './journalTables.js';

const kinds = ['step', 'checkpoint', 'writes', 'wait', 'failing', 'intent', 'outcome', 'run'] as const;
/** Those that hold the rows of their runs. */
const holding: ReadonlySet<SealedEntry['kind']> = new Set(['failing', 'intent', 'run']);

export interface Statement {
  /** Statements are prepared under their name: one for each set of tables that a flush touches. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly kinds: ReadonlySet<SealedEntry['kind']>;
}

const texts = new Map<string, string>();

/** The whole flush as one statement: data-modifying CTEs, so that it is one round trip and commits or fails as one. */
export function flushStatement(
  worker: { readonly id: string; readonly epoch: number },
  rows: readonly SealedEntry[],
): Statement {
  const byKind = new Map<SealedEntry['kind'], SealedEntry[]>();
  for (const row of rows) {
    const list = byKind.get(row.kind);
    if (list) list.push(row);
    else byKind.set(row.kind, [row]);
  }
  const present = kinds.filter((kind) => byKind.has(kind));
  // Whoever holds several runs takes them in the order of their ids: see docs/decisions/0060. Those of one kind are, by themselves.
  for (const kind of holding) byKind.get(kind)?.sort((a, b) => (a.run < b.run ? -1 : 1));
  const isMixed = present.filter((kind) => holding.has(kind)).length > 1;
  const name = `flush:${present.join('+')}`;
  const known = texts.get(name);
  const values: unknown[] = [worker.id, worker.epoch];
  if (isMixed) values.push(runs(rows.filter(({ kind }) => holding.has(kind))));
  const parts: string[] = [];
  const answers: string[] = ['(select count(*)::int from lease) as held'];
  for (const kind of present) {
    // The rows under a kind are of that kind; the map's type cannot say so.
    const table = tables[kind] as Table<SealedEntry>;
    const base = values.length + 1;
    if (known === undefined) {
      const parameter = (index: number): string => `$${base + index}`;
      if (table.before) parts.push(table.before(parameter));
      parts.push(`flushed_${kind} as (${table.sql(parameter)})`);
      if (table.answer) answers.push(table.answer);
    }
    values.push(...table.parameters(byKind.get(kind) ?? []));
  }
  const written = { name, values, kinds: new Set(present) };
  if (known !== undefined) return { ...written, text: known };
  // FOR SHARE orders us against whoever declares us dead: either our commit comes first, or we see the worker dead and write nothing.
  const lease = `select w.id || '@' || w.epoch as token from platform.workers w where w.id = $1 and w.epoch = $2 and w.alive for share`;
  const text = `with ${isMixed ? holdingAll(lease) : `lease as materialized (${lease})`},
    ${parts.join(',\n    ')}
    select ${answers.join(', ')}`;
  texts.set(name, text);
  return { ...written, text };
}

/** Every part of the statement asks for the lease, and so comes after all of its runs are held. */
const holdingAll = (lease: string): string => `alive as materialized (${lease}),
    held as materialized (select r.id from alive, platform.runs r where r.id = any($3::uuid[]) order by r.id for no key update of r),
    lease as materialized (select alive.token from alive, (select count(*) from held) all_held)`;
