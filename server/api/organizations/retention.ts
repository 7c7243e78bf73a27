import { Organization } from '#db/models/organization.js';
import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { Retention, RetentionPatch } from './schemas.js';

type Deps = Pick<AppDeps, 'db'>;

const present = ({ payloadDays, runDays }: Organization): Retention => ({ payloadDays, runDays });

export const currentRetention = ({ db }: Deps, session: Session): Promise<Retention> =>
  db.withOrganization(session, async (trx) =>
    present(found(await Organization.query(trx).findById(session.organizationId))),
  );

/** Throws `bad_input` when runs were to go before their payloads. */
export const patchRetention = (
  { db }: Deps,
  session: Session,
  patch: RetentionPatch,
  locale: Locale,
): Promise<Retention> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId } = session;
    const before = found(await Organization.query(trx).findById(organizationId).forUpdate());
    const wanted = { ...present(before), ...patch };
    if (wanted.runDays < wanted.payloadDays) {
      const message = {
        'pt-BR': `uma execução fica pelo menos o tempo do que ela trabalhou: ${wanted.payloadDays} dias ou mais`,
        en: `a run is kept as long as its payload: at least ${wanted.payloadDays} days`,
      };
      throw new ApiError('bad_input', { details: [{ path: 'runDays', message: message[locale] }] });
    }
    const changed = found(
      await Organization.query(trx).patchAndFetchById(organizationId, { ...wanted, updatedAt: new Date() }),
    );
    await audit(trx, session, {
      action: 'organization.update',
      target: { type: 'organization', id: organizationId, name: changed.name },
      details: { fields: Object.keys(patch) },
    });
    return present(changed);
  });
