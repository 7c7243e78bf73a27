import { contactIndex } from '#db/personal.js';
import type { Vault } from '#db/sealing/vault.js';
import { indexOfWords, wordsOf } from '#db/sealing/wordIndex.js';
import type { AppDeps } from '../../deps.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf, statementOf } from '../../sql.js';
import type { Page } from '../common.js';
import { isUuid, readCursor, toPage } from '../paging.js';
import { openRun, presentRun, type RunRow } from './present.js';
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

/** Runs that fit all filters, newest first or failed first. Throws `bad_cursor`. */
export async function listRuns(
  { db, keyring }: Pick<AppDeps, 'db' | 'keyring'>,
  session: Session,
  query: RunsQuery,
): Promise<Page<RunView>> {
  const [after = null, part = null] = readCursor(query, isKey) ?? [];
  const read = (of: string, before: string | null, limit: number): Promise<RunRow[]> =>
    db.withOrganization(session, async (trx) => {
      const vault = await keyring.vault(statementOf(trx), session.organizationId);
      const { where, values } = filters(query, vault);
      const rows = await queryOf(trx)<RunRow>(
        `${selectRuns()} where ${where} and ${of} and ($${values.length + 1}::uuid is null or r.id < $${values.length + 1})
         order by r.id desc limit $${values.length + 2}`,
        [...values, before, limit],
      );
      return rows.map((row) => openRun(vault, row));
    });
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

/** Begins at what waits for people, which is little, and not at runs. */
const NEEDS_PERSON = `not r.rehearsal and r.id in (
    select w.run_id from platform.waits w join platform.runs a on a.id = w.run_id and a.status = 'waiting' where w.kind = 'member' and w.answered_at is null
    union all select e.run_id from platform.effects e where e.state = 'uncertain' and e.surfaced_at is not null)`;

/** The conditions that a query names; what it does not name is no part of the statement, so that indexes serve the rest. */
function filters(query: RunsQuery, vault: Vault): { readonly where: string; readonly values: readonly unknown[] } {
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
  if (query.origin) parts.push(origins[query.origin]);
  if (query.q !== undefined) parts.push(`(${lookedFor(query.q, vault, values).join(' or ')})`);
  if (query.needs) parts.push(NEEDS_PERSON);
  if (query.effects) parts.push(`r.id in (select e.run_id from platform.effects e where e.state = 'uncertain')`);
  return { where: parts.join(' and '), values };
}

const channelKinds = ['whatsapp', 'simulator'] as const;

/**
 * The ways in which a text finds a run: every word of it was written or is the name of who wrote, it is how the customer is reached, or the beginning of the
 * run's id. What people said is sealed, so whole words are compared, by their index.
 */
function lookedFor(text: string, vault: Vault, values: unknown[]): string[] {
  const next = (value: unknown): string => `$${values.push(value)}`;
  const ways: string[] = [];
  const words = wordsOf(text);
  if (words.length > 0) ways.push(`r.words @> ${next(indexOfWords(vault, words))}::int[]`);
  const indexes = addressesIn(text).flatMap((address) =>
    channelKinds.map((kind) => contactIndex(vault, kind, address)),
  );
  ways.push(`r.conversation_id in (select c.id from platform.conversations c join platform.contacts k on k.id = c.contact_id
    where k.external_id = any(${next(indexes)}::text[]))`);
  if (/^[0-9a-f-]{6,36}$/i.test(text)) ways.push(`r.id::text like ${next(`${text.toLowerCase()}%`)}`);
  return ways;
}

/** How a customer may be reached by what somebody typed: a telephone number of Brazil with or without its country, and with or without the ninth digit. */
function addressesIn(text: string): string[] {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 8 || /\p{L}/u.test(text)) return [text];
  const whole = digits.length === 10 || digits.length === 11 ? [digits, `55${digits}`] : [digits];
  const other = whole.flatMap((number) => {
    const [, area, rest = ''] = /^(55\d{2})(\d{8,9})$/.exec(number) ?? [];
    if (!area) return [];
    return rest.length === 8 ? [`${area}9${rest}`] : rest.startsWith('9') ? [`${area}${rest.slice(1)}`] : [];
  });
  return [text, ...whole, ...other];
}
