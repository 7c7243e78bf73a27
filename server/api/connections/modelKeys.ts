import type { Knex } from 'knex';
import { Connection } from '#db/models/connection.js';
import { Organization } from '#db/models/organization.js';
import { modelProviders } from '#engine/connections/connection.js';
import { wiredProviders } from '#engine/models/providers.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { ModelKeysPut, ModelKeysView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'sandbox'>;

/** Whose keys the agents of the organization think with. */
export const getModelKeys = (deps: Deps, session: Session): Promise<ModelKeysView> =>
  deps.db.withOrganization(session, (trx) => read(trx, deps, session));

async function read(trx: Knex.Transaction, { sandbox }: Deps, { organizationId }: Session): Promise<ModelKeysView> {
  const { modelKeys } = found(await Organization.query(trx).select('modelKeys').findById(organizationId));
  const own = await Connection.query(trx)
    .select('id', 'provider')
    .whereIn('provider', [...modelProviders]);
  return {
    keys: modelKeys,
    platformHasKeys: !sandbox,
    providers: modelProviders.map((provider) => ({
      provider,
      wired: wiredProviders.includes(provider),
      connectionId: own.find((each) => each.provider === provider)?.id ?? null,
    })),
  };
}

export const putModelKeys = (deps: Deps, session: Session, { keys }: ModelKeysPut): Promise<ModelKeysView> =>
  deps.db.withOrganization(session, async (trx) => {
    await setModelKeys(trx, session, keys);
    return read(trx, deps, session);
  });

/** Both ways are on record: they say who pays. */
export async function setModelKeys(trx: Knex.Transaction, session: Session, keys: ModelKeysPut['keys']): Promise<void> {
  const { organizationId } = session;
  const organization = found(await Organization.query(trx).findById(organizationId).forUpdate());
  if (organization.modelKeys !== keys)
    await Organization.query(trx).findById(organizationId).patch({ modelKeys: keys, updatedAt: new Date() });
  await audit(trx, session, {
    action: 'organization.update',
    target: { type: 'organization', id: organizationId, name: organization.name },
    details: { fields: ['modelKeys'] },
  });
}
