import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import type { Role } from '../../roles.js';
import type { AuthDeps } from '../auth/service.js';
import { holdPeople } from '../auth/holding.js';
import { openSessionsOf } from '../auth/sessions.js';
import { factorsOf } from '../factors/challenges.js';
import { withdrawInvitationsOf } from '../members/vouching.js';
import { pendingEmail } from './email.js';
import { eraseOrganization, eraseRuns } from './erase.js';
import { confirmPassword } from './password.js';
import type { AccountPatch, AccountView } from './schemas.js';

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly verified: boolean;
  readonly locale: 'pt-BR' | 'en' | null;
}

export const readAccount = (
  { db }: Pick<AuthDeps, 'db'>,
  { userId, organizationId }: PersonSession,
): Promise<AccountView> =>
  db.withIdentity(async (trx) => {
    const { rows: users } = await trx.raw<{ rows: UserRow[] }>(
      'select id, name, email, email_verified_at is not null as verified, locale from platform.users where id = ?',
      [userId],
    );
    const { verified, ...user } = found(users[0]);
    const { rows } = await trx.raw<{ rows: { id: string; name: string; role: Role }[] }>(
      `select o.id, o.name, m.role from platform.memberships m join platform.organizations o on o.id = m.organization_id
       where m.user_id = ? order by m.created_at`,
      [userId],
    );
    return {
      ...user,
      emailVerified: verified,
      pendingEmail: await pendingEmail(trx, userId),
      factors: await factorsOf(trx, userId),
      organizations: rows.map((row) => ({ ...row, current: row.id === organizationId })),
    };
  });

export async function patchAccount(deps: AuthDeps, session: PersonSession, patch: AccountPatch): Promise<AccountView> {
  const sessions = await deps.db.withIdentity(async (trx) => {
    await trx.raw('update platform.users set name = coalesce(?, name), locale = coalesce(?, locale) where id = ?', [
      patch.name ?? null,
      patch.locale ?? null,
      session.userId,
    ]);
    const fields = Object.keys(patch);
    if (fields.length > 0) await audit(trx, session, { action: 'account.update', details: { fields } });
    return openSessionsOf(trx, session.userId);
  });
  // Every session knows the person's name.
  deps.memberships.forget(sessions);
  return readAccount(deps, session);
}

/**
 * The account goes, with every organization that has nobody else. Throws `wrong_password`, and `last_owner` while others work in an
 * organization that only this person owns.
 */
export async function deleteAccount(
  deps: AuthDeps & { readonly apiKeys: { forget(): void } },
  session: PersonSession,
  password: string,
): Promise<void> {
  const { userId } = session;
  await confirmPassword(deps, userId, password);
  const { alone } = await deps.db.withIdentity((trx) => placesOf(trx, userId));
  for (const id of alone) await eraseRuns(deps.db, id);
  const ended = await deps.db.withIdentity(async (trx) => {
    // Again, and held: somebody may have joined or left meanwhile.
    const places = await placesOf(trx, userId);
    const sessions = await openSessionsOf(trx, userId);
    for (const organizationId of places.shared) {
      const target = { type: 'member', id: userId, name: session.name };
      await withdrawInvitationsOf(trx, session, organizationId, userId);
      await audit(trx, { ...session, organizationId }, { action: 'member.leave', target });
    }
    for (const id of places.alone) await eraseOrganization(trx, id);
    await trx.raw('delete from platform.users where id = ?', [userId]);
    return sessions;
  });
  deps.memberships.forget(ended);
  deps.apiKeys.forget();
}

/**
 * The organizations that a person is alone in, and the others. Holds them until the end of the transaction: two owners who go at once must not
 * both find the other. Throws `last_owner`.
 */
async function placesOf(trx: Knex.Transaction, userId: string): Promise<{ alone: string[]; shared: string[] }> {
  await holdPeople(trx, userId);
  // Theirs, and those that somebody left behind in an organization that goes with the person.
  await trx.raw(
    `select 1 from platform.sessions where user_id = :userId or organization_id in (
       select organization_id from platform.memberships group by organization_id
       having count(*) = 1 and bool_and(user_id = :userId)) order by id for update`,
    { userId },
  );
  await trx.raw(
    `select 1 from platform.organizations where id in (select organization_id from platform.memberships where user_id = ?)
     order by id for update`,
    [userId],
  );
  const { rows } = await trx.raw<{ rows: { id: string; owner: boolean; others: number; owners: number }[] }>(
    `select m.organization_id as id, m.role = 'owner' as owner, count(o.user_id)::int as others,
       count(o.user_id) filter (where o.role = 'owner')::int as owners
     from platform.memberships m
     left join platform.memberships o on o.organization_id = m.organization_id and o.user_id <> m.user_id
     where m.user_id = ? group by m.organization_id, m.role`,
    [userId],
  );
  if (rows.some(({ owner, others, owners }) => owner && others > 0 && owners === 0)) throw new ApiError('last_owner');
  const idsOf = (some: typeof rows): string[] => some.map(({ id }) => id);
  return {
    alone: idsOf(rows.filter(({ others }) => others === 0)),
    shared: idsOf(rows.filter(({ others }) => others > 0)),
  };
}
