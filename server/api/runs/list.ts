import type { AppDeps } from '../../deps.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import type { Page } from '../common.js';
import { isUuid, readCursor, toPage } from '../paging.js';
import { presentRun, type RunRow } from './present.js';
import type { RunsQuery, RunView } from './schemas.js';
import { selectRuns } from './service.js';

/** A text is looked for among this much of the past unless a beginning is given, milliseconds. */
const SEARCHED_MS = 31 * 24 * 60 * 60_000;

/** Where a page begins: after this id and, with the failed ones first, among them or past them. */
type Key = readonly [id: string] | readonly [id: string, part: 'failed' | 'others'];
const isKey = (value: unknown): value is Key =>
  Array.isArray(value) &&
  isUuid(value[0]) &&
  (value.length === 1 || (value.length === 2 && (value[1] === 'failed' || value[1] === 'others')));

/** Letters as they are compared: without case and without the accents of Portuguese. */
const plain = (text: string): string =>
  `translate(lower(${text}), 'áàâãäéèêëíìîïóòôõöúùûüçñ', 'aaaaaeeeeiiiiooooouuuucn')`;
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** What was written and who wrote it, as the run was given them. */
const written = plain(`coalesce(r.input ->> 'text', '') || ' ' || coalesce(r.input -> 'contact' ->> 'name', '')`);

/** Runs that fit all filters, newest first or failed first. Throws `bad_cursor`. */
export async function listRuns(
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  query: RunsQuery,
): Promise<Page<RunView>> {
  const [after = null, part = null] = readCursor(query, isKey) ?? [];
  const { where, values } = filters(query);
  const read = (of: string, before: string | null, limit: number): Promise<RunRow[]> =>
    db.withOrganization(session, (trx) =>
      queryOf(trx)<RunRow>(
        `${selectRuns} where ${where} and ${of} and ($${values.length + 1}::uuid is null or r.id < $${values.length + 1})
         order by r.id desc limit $${values.length + 2}`,
        [...values, before, limit],
      ),
    );
  const limit = query.limit + 1;
  if (query.order !== 'failedFirst') {
    return toPage(await read('true', after, limit), query.limit, presentRun, (row) => [row.id]);
  }
  const failed = part === 'others' ? [] : await read(`r.status = 'failed'`, after, limit);
  const left = limit - failed.length;
  const others = left > 0 ? await read(`r.status <> 'failed'`, part === 'others' ? after : null, left) : [];
  return toPage([...failed, ...others], query.limit, presentRun, (row) => [
    row.id,
    row.status === 'failed' ? 'failed' : 'others',
  ]);
}

const origins = {
  first: 'r.parent_run_id is null',
  replayed: 'r.parent_run_id is not null and r.forked_path is null',
  forked: 'r.forked_path is not null',
} as const satisfies Record<NonNullable<RunsQuery['origin']>, string>;

/** The conditions that a query names; what it does not name is no part of the statement, so that indexes serve the rest. */
function filters(query: RunsQuery): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const parts: string[] = ['true'];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(condition(`$${values.length}`));
  };
  const from = query.from ?? (query.q === undefined ? undefined : new Date(Date.now() - SEARCHED_MS).toISOString());
  add(query.departmentId, (p) => `r.department_id = ${p}::uuid`);
  add(query.conversationId, (p) => `r.conversation_id = ${p}::uuid`);
  add(query.status, (p) => `r.status = ${p}`);
  add(query.version, (p) => `v.number = ${p}::int`);
  add(from, (p) => `r.created_at >= ${p}::timestamptz`);
  add(query.to, (p) => `r.created_at < ${p}::timestamptz`);
  add(
    query.trigger,
    (p) => `(r.version_id, r.trigger_node) in (select w.id, n ->> 'id' from platform.department_versions w
       cross join jsonb_array_elements(w.definition -> 'nodes') n where n ->> 'type' = ${p})`,
  );
  add(query.q && `%${escaped(query.q)}%`, (p) => `${written} like ${plain(`${p}::text`)}`);
  if (query.origin) parts.push(origins[query.origin]);
  if (query.effects) parts.push(`r.id in (select e.run_id from platform.effects e where e.state = 'uncertain')`);
  return { where: parts.join(' and '), values };
}
