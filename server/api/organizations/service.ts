import { Organization } from '#db/models/organization.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { presentOrganization } from './present.js';
import type { OrganizationPatch, OrganizationView } from './schemas.js';

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
    const { name } = found(changed);
    await audit(trx, session, {
      action: 'organization.update',
      target: { type: 'organization', id: organizationId, name },
      details: { fields: Object.keys(patch) },
    });
    return presentOrganization(found(changed), role, sandbox);
  });
