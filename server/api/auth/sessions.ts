import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { REFRESH_DAYS } from './refreshTokens.js';

/** Where a sign-in came from, as its owner will read it in the list. */
export interface Origin {
  readonly userAgent: string;
  readonly address: string;
  /** The request that it came with, as our log and the answer name it. */
  readonly requestId?: string;
}

/** Why a session ended, as the record says. */
export type EndReason = 'signed out' | 'revoked' | 'reuse' | 'password changed' | 'password reset' | 'removed';

/** A sign-in on one device, good for 7 days from its last use. Returns its id. For `withIdentity`. */
export async function insertSession(
  trx: Knex.Transaction,
  { userId, organizationId, origin }: { userId: string; organizationId: string; origin: Origin },
): Promise<string> {
  const id = uuidv7();
  await trx.raw(
    `insert into platform.sessions (id, user_id, organization_id, user_agent, address, expires_at)
     values (?, ?, ?, ?, ?, now() + make_interval(days => ?))`,
    [id, userId, organizationId, origin.userAgent.slice(0, 300), origin.address, REFRESH_DAYS],
  );
  return id;
}

/** Goes on in this organization for another 7 days. False when it has ended. */
export async function renewSession(trx: Knex.Transaction, id: string, organizationId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `update platform.sessions set organization_id = ?, last_used_at = now(), expires_at = now() + make_interval(days => ?)
     where id = ? and ended_at is null returning id`,
    [organizationId, REFRESH_DAYS, id],
  );
  return rows.length > 0;
}

/** Ends sessions and every token of theirs: one by its id, or all of a person but perhaps this one. Returns the ids of those that ended. */
export async function endSessions(
  trx: Knex.Transaction,
  which:
    { readonly sessionId: string; readonly userId?: string } | { readonly userId: string; readonly except?: string },
  because: EndReason,
): Promise<string[]> {
  const one = 'sessionId' in which ? which.sessionId : null;
  const except = 'except' in which ? (which.except ?? null) : null;
  await trx.raw(
    `select 1 from platform.users where id = coalesce(:user::uuid, (select user_id from platform.sessions where id = :one::uuid)) for no key update`,
    { one, user: which.userId ?? null },
  );
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `select id from platform.sessions
     where ended_at is null and (:one::uuid is null or id = :one) and (:user::uuid is null or user_id = :user)
       and (:except::uuid is null or id <> :except) order by id for update`,
    { one, user: which.userId ?? null, except },
  );
  const ids = rows.map(({ id }) => id);
  await trx.raw('update platform.sessions set ended_at = now(), ended_because = ? where id = any(?)', [because, ids]);
  await trx.raw(
    'update platform.refresh_tokens set revoked_at = now() where family_id = any(?) and revoked_at is null',
    [ids],
  );
  return ids;
}

/** The sessions of a person that have not ended, for `memberships.forget` when what they may do has changed. */
export async function openSessionsOf(trx: Knex.Transaction, userId: string): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    'select id from platform.sessions where user_id = ? and ended_at is null',
    [userId],
  );
  return rows.map(({ id }) => id);
}

/** Where each person is besides an organization: their oldest other one. */
const ELSEWHERE = `from (select distinct on (user_id) user_id, organization_id from platform.memberships
  where organization_id <> :organizationId order by user_id, created_at) home`;

/**
 * Sessions that are in an organization which is about to go move to where their person still is; the others go with it. Returns the ids of all
 * of them, for `memberships.forget`.
 */
export async function moveSessionsOut(trx: Knex.Transaction, organizationId: string): Promise<string[]> {
  await trx.raw(
    `select 1 from platform.users where id in (select user_id from platform.memberships where organization_id = ?)
     order by id for no key update`,
    [organizationId],
  );
  await trx.raw('select 1 from platform.sessions where organization_id = ? order by id for update', [organizationId]);
  await trx.raw(
    `update platform.refresh_tokens t set organization_id = home.organization_id ${ELSEWHERE}
     where t.organization_id = :organizationId and home.user_id = t.user_id`,
    { organizationId },
  );
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `with moved as (update platform.sessions s set organization_id = home.organization_id ${ELSEWHERE}
       where s.organization_id = :organizationId and home.user_id = s.user_id)
     select s.id from platform.sessions s join platform.memberships m on m.user_id = s.user_id
     where m.organization_id = :organizationId and s.ended_at is null`,
    { organizationId },
  );
  return rows.map(({ id }) => id);
}
