import type { Knex } from 'knex';
import { Organization } from '#db/models/organization.js';
import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import { MOST_KEPT, type Retention, type RetentionPatch, type RetentionView } from './schemas.js';

type Deps = Pick<AppDeps, 'db'>;

const limitsOf = ({ payloadDays, runDays }: Organization): Retention => ({ payloadDays, runDays });

/** Each part has an index of its own, in the order in which runs ended. */
const parts = { whole: 'pruned_at is null and finished_at is not null', emptied: 'pruned_at is not null' } as const;
const counted = (part: string): string =>
  `(select count(*)::int from (select 1 from platform.runs where organization_id = $1 and ${part} limit ${MOST_KEPT}) r)`;
const first = (part: string): string =>
  `(select finished_at from platform.runs where organization_id = $1 and ${part} order by finished_at limit 1)`;
const KEPT = `select ${counted(parts.whole)} as whole, ${counted(parts.emptied)} as emptied, ${first(parts.whole)} as "firstWhole",
  ${first(parts.emptied)} as "firstEmptied"`;

interface KeptRow {
  readonly whole: number;
  readonly emptied: number;
  readonly firstWhole: Date | null;
  readonly firstEmptied: Date | null;
}

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other < one) ? other : one;

async function withKept(trx: Knex.Transaction, organization: Organization): Promise<RetentionView> {
  const [row] = await queryOf(trx)<KeptRow>(KEPT, [organization.id]);
  const { whole, emptied, firstWhole, firstEmptied } = found(row);
  return {
    ...limitsOf(organization),
    kept: {
      payloads: whole,
      runs: Math.min(whole + emptied, MOST_KEPT),
      oldestPayload: firstWhole?.toISOString() ?? null,
      oldestRun: earlier(firstEmptied, firstWhole)?.toISOString() ?? null,
    },
  };
}

export const currentRetention = ({ db }: Deps, session: Session): Promise<RetentionView> =>
  db.withOrganization(session, async (trx) =>
    withKept(trx, found(await Organization.query(trx).findById(session.organizationId))),
  );

/** Throws `bad_input` when runs were to go before their payloads. */
export const patchRetention = (
  { db }: Deps,
  session: Session,
  patch: RetentionPatch,
  locale: Locale,
): Promise<RetentionView> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId } = session;
    const before = found(await Organization.query(trx).findById(organizationId).forUpdate());
    const wanted = { ...limitsOf(before), ...patch };
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
    return withKept(trx, changed);
  });
