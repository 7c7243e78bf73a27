import { uuidv7 } from 'uuidv7';
import { audit } from '../../audit/record.js';
import { found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import type { Role } from '../../roles.js';
import { eraseOrganization, eraseRuns } from '../account/erase.js';
import { confirmPassword } from '../account/password.js';
import { createOrganization } from '../auth/accounts.js';
import type { AuthDeps } from '../auth/service.js';
import type { MyOrganization, OrganizationCreate } from './schemas.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly locale: 'pt-BR' | 'en';
  readonly timezone: string;
  readonly role: Role;
}

const mine = `select o.id, o.name, o.slug, o.locale, o.timezone, m.role from platform.memberships m
  join platform.organizations o on o.id = m.organization_id where m.user_id = ?`;

/** Every organization that the person belongs to, the oldest membership first. */
export const myOrganizations = (
  { db }: AuthDeps,
  { userId, organizationId }: PersonSession,
): Promise<MyOrganization[]> =>
  db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: Row[] }>(`${mine} order by m.created_at, o.id`, [userId]);
    return rows.map((row) => ({ ...row, current: row.id === organizationId }));
  });

/** Another organization, owned by whoever makes it. They go into it with `POST /auth/switch`. */
export const makeOrganization = (
  { db }: AuthDeps,
  session: PersonSession,
  body: OrganizationCreate,
): Promise<MyOrganization> =>
  db.withIdentity(async (trx) => {
    const id = uuidv7();
    const { name, locale = 'pt-BR', timezone = 'America/Recife' } = body;
    await createOrganization(trx, id, { name, locale, timezone, profile: '' });
    await trx.raw(`insert into platform.memberships (organization_id, user_id, role) values (?, ?, 'owner')`, [
      id,
      session.userId,
    ]);
    await audit(
      trx,
      { ...session, organizationId: id },
      { action: 'organization.create', target: { type: 'organization', id, name } },
    );
    const { rows } = await trx.raw<{ rows: Row[] }>(`${mine} and o.id = ?`, [session.userId, id]);
    return { ...found(rows[0]), current: false };
  });

/** The organization with all that it has, for ever; whoever belongs elsewhere too goes on there. Throws `wrong_password`. */
export async function deleteOrganization(deps: AuthDeps, session: PersonSession, password: string): Promise<void> {
  const { organizationId, userId } = session;
  await confirmPassword(deps, userId, password);
  await eraseRuns(deps.db, organizationId);
  deps.memberships.forget(await deps.db.withIdentity((trx) => eraseOrganization(trx, organizationId)));
}
