import { uuidv7 } from 'uuidv7';
import { audit } from '../../audit/record.js';
import { found } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import type { Role } from '../../roles.js';
import { confirmPassword } from '../account/service.js';
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

/** The organization with all that it has, for ever. Throws `wrong_password`. */
export async function deleteOrganization(deps: AuthDeps, session: PersonSession, password: string): Promise<void> {
  const { organizationId, userId } = session;
  await confirmPassword(deps, userId, password);
  await eraseRuns(deps.db, organizationId);
  const changed = await deps.db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: { id: string }[] }>(
      `select s.id from platform.sessions s join platform.memberships m on m.user_id = s.user_id
       where m.organization_id = ? and s.ended_at is null`,
      [organizationId],
    );
    await trx.raw('delete from platform.organizations where id = ?', [organizationId]);
    return rows.map(({ id }) => id);
  });
  deps.memberships.forget(changed);
}

/** What hangs on runs by their id alone; everything else goes with the organization's row. */
async function eraseRuns({ engine }: AuthDeps['db'], organizationId: string): Promise<void> {
  const runs = 'select id from platform.runs where organization_id = $1';
  await engine.query(`delete from platform.run_steps where run_id in (${runs})`, [organizationId]);
  await engine.query(`delete from platform.effects where run_id in (${runs})`, [organizationId]);
  await engine.query(`delete from platform.checkpoint_writes where thread in (select id::text from (${runs}) r)`, [
    organizationId,
  ]);
  await engine.query(`delete from platform.checkpoints where thread in (select id::text from (${runs}) r)`, [
    organizationId,
  ]);
}
