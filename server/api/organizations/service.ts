import { Organization } from '#db/models/organization.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { presentOrganization } from './present.js';
import type { OrganizationPatch, OrganizationView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'sandbox'>;

export const currentOrganization = (
  { db, sandbox }: Deps,
  { organizationId, role }: Session,
): Promise<OrganizationView> =>
  db.withOrganization(organizationId, async (trx) =>
    presentOrganization(found(await Organization.query(trx).findById(organizationId)), role, sandbox),
  );

export const patchOrganization = (
  { db, sandbox }: Deps,
  { organizationId, role }: Session,
  patch: OrganizationPatch,
): Promise<OrganizationView> =>
  db.withOrganization(organizationId, async (trx) => {
    const changed = await Organization.query(trx).patchAndFetchById(organizationId, {
      ...patch,
      updatedAt: new Date(),
    });
    return presentOrganization(found(changed), role, sandbox);
  });
