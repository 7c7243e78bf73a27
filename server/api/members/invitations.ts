import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { PersonSession, Session as Caller } from '../../plugins/authenticate.js';
import { createUser, findAccount } from '../auth/accounts.js';
import { refuseGuessable } from '../auth/guessable.js';
import { holdPeople, holdSessionsOf, keepOrganization } from '../auth/holding.js';
import { issueOneTimeToken, readOneTimeToken, useOneTimeToken } from '../auth/oneTimeTokens.js';
import { hashPassword } from '../auth/passwords.js';
import type { Session } from '../auth/schemas.js';
import { continueSession, openSession, type AuthDeps } from '../auth/service.js';
import type { Origin } from '../auth/sessions.js';
import type { ListQuery } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import { grantedTo, requireDepartments } from './grants.js';
import type { InvitationCreate, InvitationLook, InvitationsPage, InvitationView, JoinBody } from './schemas.js';
import { OPEN, readInvitation, stillVouchedFor, vouchedBy, type Invitation, type InvitationData } from './vouching.js';

interface InvitationRow {
  readonly id: string;
  readonly data: InvitationData;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const present = ({ data: { email, role, departments = null, invitedBy }, ...row }: InvitationRow): InvitationView => ({
  id: row.id,
  email,
  role,
  departments,
  invitedBy,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
/** Open invitations, newest first. */
export const listInvitations = (
  { db }: Pick<AuthDeps, 'db'>,
  session: Caller,
  query: ListQuery,
): Promise<InvitationsPage> => {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const { rows } = await trx.raw<{ rows: InvitationRow[] }>(
      `select id, data, created_at, expires_at from platform.one_time_tokens
       where ${OPEN} and (:before::uuid is null or id < :before) order by id desc limit :limit`,
      { before, limit: query.limit + 1 },
    );
    return toPage(rows, query.limit, present, (row) => [row.id]);
  });
};

/** Counts a mail to an address before it is written. Throws `rate_limited`. */
export type AdmitMail = (organizationId: string, email: string) => Promise<void>;
type InviteDeps = AuthDeps & { readonly admitMail: AdmitMail };

/** Invites somebody by mail; an open invitation to the same address is replaced. Throws `already_member`, `rate_limited`. */
export async function invite(deps: InviteDeps, session: Caller, body: InvitationCreate): Promise<InvitationView> {
  const id = uuidv7();
  const departments = grantedTo(body.role, body.departments);
  if (departments) await requireDepartments(deps.db, session, departments);
  return deps.db.withIdentity(async (trx) => {
    await keepOrganization(trx, session.organizationId);
    const { rows: members } = await trx.raw<{ rows: unknown[] }>(
      `select 1 from platform.memberships m join platform.users u on u.id = m.user_id
       where m.organization_id = ? and lower(u.email) = lower(?)`,
      [session.organizationId, body.email],
    );
    if (members.length > 0) throw new ApiError('already_member');
    await trx.raw(
      `update platform.one_time_tokens set used_at = now() where ${OPEN} and organization_id = ? and lower(data ->> 'email') = lower(?)`,
      [session.organizationId, body.email],
    );
    await audit(trx, session, {
      action: 'invitation.create',
      target: { type: 'invitation', id, name: body.email },
      details: { role: body.role, departments },
    });
    return send(deps, trx, session, id, { ...body, departments, ...vouchedBy(session) });
  });
}

/** The same invitation again: a new token, the one of before is void. Throws `not_found`, `rate_limited`. */
export async function resendInvitation(deps: InviteDeps, session: Caller, id: string): Promise<InvitationView> {
  return deps.db.withIdentity(async (trx) => {
    await keepOrganization(trx, session.organizationId);
    const { data } = await withdraw(trx, session.organizationId, id);
    const next = uuidv7();
    await audit(trx, session, {
      action: 'invitation.resend',
      target: { type: 'invitation', id: next, name: data.email },
    });
    return send(deps, trx, session, next, { ...data, ...vouchedBy(session) });
  });
}

/** Throws `not_found`. */
export async function revokeInvitation(deps: AuthDeps, session: Caller, id: string): Promise<void> {
  await deps.db.withIdentity(async (trx) => {
    await keepOrganization(trx, session.organizationId);
    const { data } = await withdraw(trx, session.organizationId, id);
    await audit(trx, session, { action: 'invitation.revoke', target: { type: 'invitation', id, name: data.email } });
  });
}

async function withdraw(trx: Knex.Transaction, organizationId: string, id: string): Promise<InvitationRow> {
  const { rows } = await trx.raw<{ rows: InvitationRow[] }>(
    `update platform.one_time_tokens set used_at = now() where ${OPEN} and organization_id = ? and id = ?
     returning id, data, created_at, expires_at`,
    [organizationId, id],
  );
  return found(rows[0]);
}

async function send(
  { mailer, admitMail }: InviteDeps,
  trx: Knex.Transaction,
  { organizationId }: Caller,
  id: string,
  data: InvitationData,
): Promise<InvitationView> {
  await admitMail(organizationId, data.email);
  const token = await issueOneTimeToken(trx, 'invitation', { id, organizationId, data: { ...data } });
  const { rows } = await trx.raw<{ rows: (InvitationRow & { name: string; locale: 'pt-BR' | 'en' })[] }>(
    `select t.id, t.data, t.created_at, t.expires_at, o.name, o.locale from platform.one_time_tokens t
     join platform.organizations o on o.id = t.organization_id where t.id = ?`,
    [id],
  );
  const row = found(rows[0]);
  await mailer.queue(trx, {
    to: data.email,
    locale: row.locale,
    template: 'invitation',
    data: { inviter: data.invitedBy, organization: row.name, token },
  });
  return present(row);
}

/** What the mail said, for the page that its link opens. Throws `bad_token`. */
export const lookAtInvitation = ({ db }: Pick<AuthDeps, 'db'>, token: string): Promise<InvitationLook> =>
  db.withIdentity(async (trx) => {
    const { organizationId, data } = await stillVouchedFor(trx, await readOneTimeToken(trx, 'invitation', token));
    const { rows } = await trx.raw<{ rows: { name: string; has: boolean }[] }>(
      `select name, exists (select 1 from platform.users where lower(email) = lower(?)) as has from platform.organizations where id = ?`,
      [data.email, organizationId],
    );
    const { name, has } = found(rows[0]);
    return { organizationName: name, email: data.email, role: data.role, hasAccount: has };
  });

/** A new person joins: the mail that they read proves their address. Throws `bad_token`, `email_taken`, `guessable_password`. */
export async function joinAsNew(deps: AuthDeps, body: JoinBody, origin: Origin): Promise<Session> {
  // Before the work of a hash, which nobody may ask for without an invitation.
  const { email, organizationName } = await lookAtInvitation(deps, body.token);
  refuseGuessable('password', body.password, [email, body.name, organizationName]);
  const passwordHash = await hashPassword(body.password);
  return deps.db.withIdentity(async (trx) => {
    const { organizationId, data } = await takeInvitation(trx, body.token);
    const userId = await createUser(trx, { email: data.email, name: body.name, passwordHash });
    await trx.raw('update platform.users set email_verified_at = now() where id = ?', [userId]);
    await join(trx, { userId, name: body.name, origin }, organizationId, data);
    return openSession(deps, trx, found(await findAccount(trx, { userId, organizationId })), origin);
  });
}

/** Somebody who is signed in joins, and goes on in the organization. Throws `bad_token`, `other_account`. */
export async function joinAsMe(deps: AuthDeps, session: PersonSession, token: string): Promise<Session> {
  return deps.db.withIdentity(async (trx) => {
    await holdPeople(trx, session.userId);
    await holdSessionsOf(trx, session.userId);
    const { organizationId, data } = await takeInvitation(trx, token);
    const me = found(await findAccount(trx, { userId: session.userId }));
    if (me.email.toLowerCase() !== data.email.toLowerCase()) throw new ApiError('other_account');
    await trx.raw('update platform.users set email_verified_at = coalesce(email_verified_at, now()) where id = ?', [
      session.userId,
    ]);
    await join(trx, session, organizationId, data);
    const account = found(await findAccount(trx, { userId: session.userId, organizationId }));
    return continueSession(deps, trx, account, session.sessionId);
  });
}

/** Uses an invitation up. Throws `bad_token`. */
async function takeInvitation(trx: Knex.Transaction, token: string): Promise<Invitation> {
  const { organizationId } = readInvitation(await readOneTimeToken(trx, 'invitation', token));
  await keepOrganization(trx, organizationId);
  return stillVouchedFor(trx, await useOneTimeToken(trx, 'invitation', token));
}

async function join(
  trx: Knex.Transaction,
  { userId, name, origin }: { readonly userId: string; readonly name: string; readonly origin: Origin },
  organizationId: string,
  { role, departments = null }: InvitationData,
): Promise<void> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `insert into platform.memberships (organization_id, user_id, role, departments) values (?, ?, ?, ?) on conflict do nothing returning user_id`,
    [organizationId, userId, role, departments && [...departments]],
  );
  if (rows.length === 0) throw new ApiError('already_member');
  const actor = { organizationId, userId, name, apiKey: null, origin };
  await audit(trx, actor, {
    action: 'member.join',
    target: { type: 'member', id: userId, name },
    details: { role, departments },
  });
}
