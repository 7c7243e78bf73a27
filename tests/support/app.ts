import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { InjectOptions } from 'fastify';
import { connect, type Database } from '#db/connect.js';
import { openKeyring } from '#db/seal.js';
import { createModels } from '#engine/models/gateway.js';
import type { VaultOf } from '#db/sealing/vault.js';
import { openEgress } from '#engine/egress/egress.js';
import type { EventBus } from '#engine/graph/events.js';
import { createAdmission } from '#engine/worker/admission.js';
import { createLocalBus } from '#engine/worker/bus.js';
import { openQueues, type Queues } from '#engine/worker/enqueue.js';
import { publicNodes } from '#nodes/registry.js';
import { createAccessTokens } from '#server/api/auth/accessTokens.js';
import { createApiKeys } from '#server/api/apiKeys/verify.js';
import { createMemberships } from '#server/api/auth/memberships.js';
import { setHashCost } from '#server/api/auth/passwords.js';
import type { Session } from '#server/api/auth/schemas.js';
import { openSigningKeys, type SigningKeys } from '#server/api/auth/signingKeys.js';
import { createTickets } from '#server/api/auth/tickets.js';
import { createMailer } from '#server/mail/mailer.js';
import { openTemplates } from '#server/api/templates/library.js';
import { buildApp } from '#server/app.js';
import type { App } from '#server/appType.js';
import { createDrafts } from '#server/collaboration/drafts.js';
import type { AppDeps } from '#server/deps.js';
import { createLog } from '#server/log.js';
import { createInbox } from '#server/webhooks/inbox.js';
import { testDatabase } from './database.js';
import { answerChecker } from './openapi/answers.js';

/** What `call` answers: the status and the body, parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  // A test asserts the shape of what it got.
  // oxlint-disable-next-line no-explicit-any
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface TestApp {
  readonly app: App;
  readonly db: Database;
  readonly queues: Queues;
  readonly bus: EventBus;
  readonly keys: SigningKeys;
  readonly url: string;
  /** One request below `/api/v1`, with the session's token if one is given. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: { as?: Session; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** The keys of an organization. */
  readonly vaultOf: VaultOf;
  /** A new account with its organization. */
  register(name?: string): Promise<Session>;
  close(): Promise<void>;
}

const isJson = (headers: Readonly<Record<string, unknown>>): boolean =>
  String(headers['content-type']).startsWith('application/json');

const templatesDirectory = fileURLToPath(new URL('../../templates', import.meta.url));

/** The whole server on a database and a queue of its own, without a worker. `overrides` replace parts of it. */
export async function buildTestApp(overrides: Partial<AppDeps> = {}): Promise<TestApp> {
  setHashCost('least');
  const database = await testDatabase();
  const db = connect(database.url);
  const queues = await openQueues({ databaseUrl: database.url });
  const admission = createAdmission({ engine: db.engine, queues, share: 40 });
  const bus = createLocalBus();
  const keyring = overrides.keyring ?? openKeyring(randomBytes(32));
  const keys = await openSigningKeys(db, keyring);
  const models = createModels({ sandboxWordMs: 0 });
  const drafts = createDrafts({ db, onError: () => {} });
  const app = await buildApp({
    db,
    queues,
    admission,
    bus,
    drafts,
    keyring,
    inbox: createInbox({ engine: db.engine, keyring, queues, onError: () => {} }),
    keys,
    tokens: createAccessTokens(keys),
    memberships: createMemberships(db),
    tickets: createTickets(db),
    apiKeys: createApiKeys(db),
    mailer: createMailer(() => 'http://departments.test'),
    operatorKey: 'operator key',
    templates: await openTemplates(templatesDirectory),
    nodeTypes: publicNodes(),
    searchKnowledge: async () => [],
    models: (caller) => models.forRun({ ...caller, charge: () => undefined }),
    modelCatalogue: () => models.catalogue(),
    whatsapp: { appSecret: 'app secret', verifyToken: 'verify token' },
    log: createLog('silent'),
    redis: null,
    sandbox: true,
    egress: openEgress({ allow: [] }),
    modelBaseUrls: {},
    publicUrl: null,
    trustProxy: null,
    rateLimit: 0,
    webAppDirectory: null,
    ...overrides,
  });

  const check = answerChecker(app);
  const call: TestApp['call'] = async (method, path, { as, body, headers = {} } = {}) => {
    const request: InjectOptions = {
      method,
      url: `/api/v1${path}`,
      headers: { ...(as && { authorization: `Bearer ${as.accessToken}` }), ...headers },
      ...(body !== undefined && { payload: body as object }),
    };
    const response = await app.inject(request);
    check(method, path, response);
    return {
      status: response.statusCode,
      body: response.body === '' ? null : isJson(response.headers) ? response.json() : response.body,
      headers: response.headers,
    };
  };

  return {
    app,
    db,
    queues,
    bus,
    keys,
    url: database.url,
    call,
    vaultOf: (id) => keyring.vault((text, values) => db.engine.query(text, values), id),
    async register(name = 'Padaria') {
      const email = `${randomBytes(6).toString('hex')}@example.com`;
      const { status, body } = await call('POST', '/auth/register', {
        body: { email, password: 'pão quentinho às 6', name: 'Lúcia', organizationName: name },
      });
      if (status !== 201) throw new Error(`register answered ${status}: ${JSON.stringify(body)}`);
      return body as Session;
    },
    async close() {
      await app.close();
      await drafts.close();
      await admission.close();
      await queues.close();
      await bus.close();
      await db.close();
      await database.close();
    },
  };
}
