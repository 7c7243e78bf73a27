import type { Knex } from 'knex';
import { lowestIdAt } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import type { Session } from '../../plugins/authenticate.js';
import type { Page } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import type { AuditEntryView, AuditFilters, AuditQuery } from './schemas.js';

interface EntryRow {
  readonly id: string;
  readonly at: Date;
  readonly actor_type: AuditEntryView['actor']['type'];
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly action: string;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly target_name: string;
  readonly address: string;
  readonly user_agent: string;
  readonly request_id: string | null;
  readonly details: Record<string, unknown>;
}

/** What was done in the organization, the latest first. */
export async function listAudit(
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  { limit, cursor, ...filters }: AuditQuery,
): Promise<Page<AuditEntryView>> {
  const before = readIdCursor({ cursor });
  const rows = await db.withOrganization(session, (trx) =>
    readEntries(trx, { organizationId: session.organizationId, filters, before, limit: limit + 1 }),
  );
  return toPage(
    rows,
    limit,
    (entry) => entry,
    ({ id }) => [id],
  );
}

/** The next entries before an id. Ids hold their time, so an index of ids gives the order, the page and the span of time. */
export async function readEntries(
  trx: Knex.Transaction,
  where: {
    readonly organizationId: string;
    readonly filters: AuditFilters;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<AuditEntryView[]> {
  const { organizationId, filters, before, limit } = where;
  const { actor, action, target, from, to, q } = filters;
  const conditions = ['organization_id = :organizationId'];
  if (before) conditions.push('id < :before');
  if (from) conditions.push('id >= :from');
  if (to) conditions.push('id < :to');
  if (actor === 'system') conditions.push(`actor_type = 'system'`);
  else if (actor) conditions.push('actor_id = :actor');
  if (action) conditions.push('action = :action');
  if (target) conditions.push('target_id = :target');
  if (q) conditions.push('(actor_name ilike :q or target_name ilike :q or action ilike :q or address ilike :q)');
  const { rows } = await trx.raw<{ rows: EntryRow[] }>(
    `select id, at, actor_type, actor_id, actor_name, action, target_type, target_id, target_name, address, user_agent, request_id, details
     from platform.audit_log where ${conditions.join(' and ')} order by id desc limit :limit`,
    {
      organizationId,
      limit,
      before: before ?? null,
      from: from ? lowestIdAt(Date.parse(from)) : null,
      to: to ? lowestIdAt(Date.parse(to)) : null,
      actor: actor ?? null,
      action: action ?? null,
      target: target ?? null,
      q: q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`,
    },
  );
  return rows.map(present);
}

const present = (row: EntryRow): AuditEntryView => ({
  id: row.id,
  at: row.at.toISOString(),
  actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target:
    row.target_type === null || row.target_id === null
      ? null
      : { type: row.target_type, id: row.target_id, name: row.target_name },
  address: row.address,
  userAgent: row.user_agent,
  requestId: row.request_id,
  details: row.details,
});
