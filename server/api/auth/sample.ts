import { wholeOf } from '#db/connect.js';
import { uuidv7 } from 'uuidv7';
import type { Queues } from '#engine/worker/enqueue.js';
import { locales, type Locale } from '#nodes/sdk/text.js';
import type { TemplateLibrary } from '../templates/library.js';
import { createAccount } from './accounts.js';
import type { Session } from './schemas.js';
import { openSession, recordFoundation, type AuthDeps } from './service.js';
import type { Origin } from './sessions.js';

export interface SampleDeps extends AuthDeps {
  readonly queues: Queues;
  readonly templates: TemplateLibrary;
}

/** The bakery whose knowledge comes with the Customer Service template. */
const bakery = { name: 'Pão da Lúcia', owner: 'Lúcia', template: 'customer-service' } as const;

/** A new organization to look around in: a bakery that has told us about itself. Nobody can sign in to it with a password. */
export async function createSample(deps: SampleDeps, locale: Locale, origin: Origin): Promise<Session> {
  const sample = await deps.templates.sample(bakery.template, locale);
  // Her customers write in either language: what is read exists in both.
  const documents = await Promise.all(
    locales.map(async (each) => {
      const { documents: read } = await deps.templates.sample(bakery.template, each);
      return read.map((document) => ({ id: uuidv7(), locale: each, ...document }));
    }),
  );
  const session = await deps.db.withIdentity(async (trx) => {
    const account = await createAccount(trx, {
      email: `lucia-${uuidv7()}@sample.invalid`,
      passwordHash: 'none',
      name: bakery.owner,
      organization: { name: bakery.name, locale, timezone: 'America/Recife', profile: sample.profile },
    });
    await recordFoundation(trx, account, origin);
    return openSession(deps, trx, account, origin);
  });
  const organizationId = session.organization.id;
  const sources = documents.flat();
  await deps.db.withOrganization(wholeOf(organizationId), async (trx) => {
    for (const source of sources) {
      await trx.raw(
        `insert into platform.knowledge_sources (id, organization_id, title, kind, locale, content, status) values (?, ?, ?, 'text', ?, ?, 'reading')`,
        [source.id, organizationId, source.title, source.locale, source.content],
      );
    }
  });
  await deps.queues.addMany(
    'index',
    sources.map(({ id }) => ({ sourceId: id, organizationId })),
  );
  return session;
}
