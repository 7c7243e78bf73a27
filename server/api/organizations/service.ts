import { Organization } from '#db/models/organization.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import { moveSchedules } from '../departments/schedules.js';
import { presentOrganization } from './present.js';
import type { KeyRenewed, OrganizationPatch, OrganizationView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'sandbox'>;

export const currentOrganization = ({ db, sandbox }: Deps, session: Session): Promise<OrganizationView> =>
  db.withOrganization(session, async (trx) =>
    presentOrganization(found(await Organization.query(trx).findById(session.organizationId)), session.role, sandbox),
  );

export const patchOrganization = (
  { db, sandbox }: Deps,
  session: Session,
  patch: OrganizationPatch,
): Promise<OrganizationView> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId, role } = session;
    const changed = await Organization.query(trx).patchAndFetchById(organizationId, {
      ...patch,
      updatedAt: new Date(),
    });
    const { name, timezone } = found(changed);
    if (patch.timezone) await moveSchedules(trx, organizationId, timezone);
    await audit(trx, session, {
      action: 'organization.update',
      target: { type: 'organization', id: organizationId, name },
      details: { fields: Object.keys(patch) },
    });
    return presentOrganization(found(changed), role, sandbox);
  });

/** Another key seals what is secret and personal from now on. */
export const renewKey = ({ db, keyring }: Pick<AppDeps, 'db' | 'keyring'>, session: Session): Promise<KeyRenewed> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId } = session;
    // One at a time.
    const { name } = found(await Organization.query(trx).findById(organizationId).forUpdate());
    const version = await keyring.renew(statementOf(trx), organizationId);
    await audit(trx, session, {
      action: 'organization.rotateKey',
      target: { type: 'organization', id: organizationId, name },
      details: { version },
    });
    return { version };
  });
