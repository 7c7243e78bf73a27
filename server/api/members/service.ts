import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { PersonSession, Session } from '../../plugins/authenticate.js';
import { may } from '../../permissions.js';
import type { Role } from '../../roles.js';
import { confirmPassword } from '../account/password.js';
import type { AuthDeps } from '../auth/service.js';
import { keepOrganization } from '../auth/holding.js';
import { openSessionsOf } from '../auth/sessions.js';
import type { ListQuery } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import { grantedTo, requireDepartments } from './grants.js';
import type { MemberPatch, MembersPage, TransferBody } from './schemas.js';
import { withdrawInvitationsOf } from './vouching.js';

interface MemberRow {
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly departments: string[] | null;
  readonly created_at: Date;
  readonly seen_at: Date | null;
}

/** Everybody in the organization, newest account first. */
export const listMembers = (
  { db }: Pick<AuthDeps, 'db'>,
  { organizationId }: Session,
  query: ListQuery,
): Promise<MembersPage> => {
  const before = readIdCursor(query);
  return db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: MemberRow[] }>(
      `select m.user_id, u.name, u.email, m.role, m.departments, m.created_at,
         (select max(s.last_used_at) from platform.sessions s where s.user_id = m.user_id and s.organization_id = m.organization_id) as seen_at
       from platform.memberships m join platform.users u on u.id = m.user_id
       where m.organization_id = :organizationId and (:before::uuid is null or m.user_id < :before) order by m.user_id desc limit :limit`,
      { organizationId, before, limit: query.limit + 1 },
    );
    return toPage(
      rows,
      query.limit,
      (row) => ({
        userId: row.user_id,
        name: row.name,
        email: row.email,
        role: row.role,
        departments: row.departments,
        joinedAt: row.created_at.toISOString(),
        lastSeenAt: row.seen_at?.toISOString() ?? null,
      }),
      (row) => [row.user_id],
    );
  });
};

/** Another role, or other departments: who becomes an admin sees all of them. Throws `not_found`, and `forbidden` where an owner is concerned: those change by a transfer alone. */
export async function patchMember(
  { db, memberships, apiKeys }: MemberDeps,
  session: Session,
  userId: string,
  patch: MemberPatch,
): Promise<void> {
  const { organizationId } = session;
  if (patch.departments) await requireDepartments(db, session, patch.departments);
  const changed = await db.withIdentity(async (trx) => {
    const member = await findMember(trx, organizationId, userId);
    if (member.role === 'owner') throw new ApiError('forbidden');
    const role = patch.role ?? member.role;
    const departments = grantedTo(
      role,
      patch.departments === undefined && role !== 'admin' ? member.departments : patch.departments,
    );
    await trx.raw(
      'update platform.memberships set role = ?, departments = ? where organization_id = ? and user_id = ?',
      [role, departments && [...departments], organizationId, userId],
    );
    await audit(trx, session, {
      action: 'member.update',
      target: { type: 'member', id: userId, name: member.name },
      details: { fromRole: member.role, toRole: role, departments },
    });
    if (!may(role, 'members:write')) await withdrawInvitationsOf(trx, session, organizationId, userId);
    return openSessionsOf(trx, userId);
  });
  memberships.forget(changed);
  apiKeys.forget();
}

/** Takes somebody out, with their API keys. Their sessions go on elsewhere, if they belong elsewhere. Throws `forbidden` for an owner. */
export async function removeMember(
  { db, memberships, apiKeys }: MemberDeps,
  session: Session,
  userId: string,
): Promise<void> {
  const { organizationId } = session;
  const changed = await db.withIdentity(async (trx) => {
    const member = await findMember(trx, organizationId, userId);
    if (member.role === 'owner') throw new ApiError('forbidden');
    await deleteMember(trx, session, userId);
    await audit(trx, session, { action: 'member.remove', target: { type: 'member', id: userId, name: member.name } });
    return openSessionsOf(trx, userId);
  });
  memberships.forget(changed);
  apiKeys.forget();
}

/** Throws `last_owner`. */
export async function leave({ db, memberships, apiKeys }: MemberDeps, session: PersonSession): Promise<void> {
  const { organizationId, userId } = session;
  const changed = await db.withIdentity(async (trx) => {
    const member = await findMember(trx, organizationId, userId);
    if (member.role === 'owner' && !(await otherOwner(trx, organizationId, userId))) throw new ApiError('last_owner');
    await deleteMember(trx, session, userId);
    await audit(trx, session, { action: 'member.leave', target: { type: 'member', id: userId, name: member.name } });
    return openSessionsOf(trx, userId);
  });
  memberships.forget(changed);
  apiKeys.forget();
}

/** Hands the organization over: the other becomes its owner, and who did it an admin. Throws `wrong_password`, `not_found`. */
export async function transfer(deps: MemberDeps, session: PersonSession, body: TransferBody): Promise<void> {
  const { organizationId, userId } = session;
  await confirmPassword(deps, userId, body.password);
  const changed = await deps.db.withIdentity(async (trx) => {
    const heir = await findMember(trx, organizationId, body.userId, [userId]);
    const before = await findMember(trx, organizationId, userId);
    if (before.role !== 'owner') throw new ApiError('forbidden');
    if (body.userId === userId) return [];
    await trx.raw(
      `update platform.memberships set departments = null, role = case when user_id = :heir then 'owner' else 'admin' end
       where organization_id = :organizationId and user_id in (:heir, :userId)`,
      { heir: body.userId, organizationId, userId },
    );
    await audit(trx, session, {
      action: 'organization.transfer',
      target: { type: 'member', id: body.userId, name: heir.name },
      details: { from: before.name, to: heir.name },
    });
    return [...(await openSessionsOf(trx, userId)), ...(await openSessionsOf(trx, body.userId))];
  });
  deps.memberships.forget(changed);
  deps.apiKeys.forget();
}

export type MemberDeps = AuthDeps & { readonly apiKeys: { forget(): void } };

/**
 * Holds the members that something is about, then the whole organization's memberships: two owners who leave at once must not both find the other.
 * Throws `not_found`.
 */
async function findMember(
  trx: Knex.Transaction,
  organizationId: string,
  userId: string,
  and: readonly string[] = [],
): Promise<{ readonly role: Role; readonly name: string; readonly departments: readonly string[] | null }> {
  await trx.raw(
    `select 1 from platform.users where id = any(?) and id in (select user_id from platform.memberships where organization_id = ?)
     order by id for no key update`,
    [[userId, ...and], organizationId],
  );
  await keepOrganization(trx, organizationId);
  const { rows } = await trx.raw<{
    rows: { user_id: string; role: Role; name: string; departments: string[] | null }[];
  }>(
    `select m.user_id, m.role, m.departments, u.name from platform.memberships m join platform.users u on u.id = m.user_id
     where m.organization_id = ? order by m.user_id for update of m`,
    [organizationId],
  );
  return found(rows.find((row) => row.user_id === userId));
}

async function otherOwner(trx: Knex.Transaction, organizationId: string, userId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `select 1 from platform.memberships where organization_id = ? and user_id <> ? and role = 'owner' limit 1`,
    [organizationId, userId],
  );
  return rows.length > 0;
}

async function deleteMember(trx: Knex.Transaction, session: Session, userId: string): Promise<void> {
  const { organizationId } = session;
  await withdrawInvitationsOf(trx, session, organizationId, userId);
  await trx.raw(
    `with keys as (update platform.api_keys set revoked_at = now() where organization_id = :o and created_by = :u and revoked_at is null)
     delete from platform.memberships where organization_id = :o and user_id = :u`,
    { o: organizationId, u: userId },
  );
}
