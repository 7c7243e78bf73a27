import type { Logger } from 'pino';
import { connect } from '#db/connect.js';
import { openRedis } from '#db/redis.js';
import type { Keyring } from '#db/seal.js';
import { openEgress } from '#engine/egress/egress.js';
import type { EventBus } from '#engine/graph/events.js';
import type { Admission } from '#engine/worker/admission.js';
import { createAnnouncer, type Announcer } from '#engine/worker/announcer.js';
import { openQueues, type Queues } from '#engine/worker/enqueue.js';
import { publicNodes } from '#nodes/registry.js';
import { createAccessTokens } from './api/auth/accessTokens.js';
import { createApiKeys } from './api/apiKeys/verify.js';
import { createMemberships } from './api/auth/memberships.js';
import { createRedisMemberships } from './api/auth/redisMemberships.js';
import { KEYS_RELOAD_MS, openSigningKeys } from './api/auth/signingKeys.js';
import { createTickets } from './api/auth/tickets.js';
import { openTemplates } from './api/templates/library.js';
import { buildApp } from './app.js';
import { createDrafts } from './collaboration/drafts.js';
import { createRedisRelay } from './collaboration/relay.js';
import { ConfigError, type Config } from './config.js';
import type { AppDeps, AskModels, SearchKnowledge } from './deps.js';
import { createLog } from './log.js';
import { startDelivery } from './mail/delivery.js';
import { createMailer } from './mail/mailer.js';
import { sendWithSendGrid } from './mail/sendgrid.js';
import { createInbox } from './webhooks/inbox.js';

export interface ServerOptions {
  readonly config: Config;
  /** A migrated database: the embedded one's address, or `config.databaseUrl`. */
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  /** Opens the outbox; see `loadOperatorKey`. `null` with a mail service. */
  readonly operatorKey: string | null;
  readonly bus: EventBus;
  readonly searchKnowledge: SearchKnowledge;
  readonly models: AskModels;
  readonly modelCatalogue: AppDeps['modelCatalogue'];
  /** No model key is set. */
  readonly sandbox: boolean;
  /** Holds `<slug>/template.json`. */
  readonly templatesDirectory: string;
  /** The built web app; `null` or a missing directory serves none. */
  readonly webAppDirectory: string | null;
  /** Already open ones, when a worker runs in the same process. They are not closed here. */
  readonly queues?: Queues;
  readonly admission?: Pick<Admission, 'wake'>;
  readonly log?: Logger;
}

export interface RunningServer {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** Stops taking requests, ends sockets and closes what this server opened. */
  close(): Promise<void>;
}

/** A Redis that stands still counts as away after this long: every request counts itself there first. */
const REDIS_PATIENCE_MS = 1_000;

/** Composition root of the API. Throws `ConfigError` when the port cannot be had; what was opened until then is closed. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closing: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    // The newest first: the server stops before its stores.
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return { address: await open(options, closing), close };
  } catch (error) {
    await close();
    throw asConfigError(error, options.config);
  }
}

/** Opens everything and listens. `closing` collects how to end what is open so far. */
async function open(options: ServerOptions, closing: (() => Promise<unknown> | void)[]): Promise<string> {
  const { config, databaseUrl } = options;
  const log = options.log ?? createLog(config.logLevel);
  const onError = (error: unknown): void => log.warn({ err: error }, 'a store is away');
  const redisUrl = config.redisUrl?.reveal();

  const db = connect(databaseUrl);
  closing.push(() => db.close());
  const queues = options.queues ?? (await openQueues({ databaseUrl, redisUrl, onError }));
  if (!options.queues) closing.push(() => queues.close());
  const admission = options.admission ?? openAnnouncer();
  const redis = redisUrl
    ? openRedis(redisUrl, onError, {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 1,
        commandTimeout: REDIS_PATIENCE_MS,
      })
    : null;
  closing.push(() => redis?.disconnect());

  const { keyring } = options;
  const keys = await openSigningKeys(db, keyring);
  const rotation = setInterval(() => void keys.rotate().catch(onError), KEYS_RELOAD_MS);
  closing.push(() => clearInterval(rotation));
  const sharedMemberships = redis && redisUrl ? createRedisMemberships(redis, redisUrl, onError) : undefined;
  closing.push(() => sharedMemberships?.close());
  const drafts = createDrafts({
    db,
    ...(redisUrl && { relay: createRedisRelay(redisUrl, onError) }),
    onError: (error, what) => log.warn({ err: error }, what),
  });
  closing.push(() => drafts.close());
  let address = '';
  const app = await buildApp({
    db,
    queues,
    admission,
    bus: options.bus,
    drafts,
    keyring,
    inbox: createInbox({ engine: db.engine, keyring, queues, onError }),
    keys,
    tokens: createAccessTokens(keys),
    memberships: createMemberships(db, sharedMemberships),
    tickets: createTickets(db),
    apiKeys: createApiKeys(db),
    mailer: createMailer(() => config.publicUrl ?? address),
    operatorKey: options.operatorKey,
    templates: await openTemplates(options.templatesDirectory),
    nodeTypes: publicNodes(),
    searchKnowledge: options.searchKnowledge,
    models: options.models,
    whatsapp: {
      appSecret: config.meta.appSecret?.reveal(),
      verifyToken: config.meta.verifyToken?.reveal(),
    },
    log,
    redis,
    modelCatalogue: options.modelCatalogue,
    sandbox: options.sandbox,
    egress: openEgress({ allow: config.egressAllow }),
    modelBaseUrls: config.openai?.baseUrl ? { openai: config.openai.baseUrl } : {},
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    rateLimit: config.rateLimit,
    webAppDirectory: options.webAppDirectory,
  });
  closing.push(() => app.close());
  const { sendGrid } = config;
  if (sendGrid) {
    const deliver = sendWithSendGrid({ ...sendGrid, apiKey: sendGrid.apiKey.reveal() });
    const delivery = startDelivery(db, deliver, (error) => log.warn({ err: error }, 'a mail did not go out'));
    closing.push(() => delivery.close());
  }
  address = await app.listen({ port: config.port, host: config.host });
  return address;

  function openAnnouncer(): Announcer {
    const opened = createAnnouncer({ queues, onError });
    closing.push(() => opened.close());
    return opened;
  }
}

function asConfigError(error: unknown, { host, port }: Config): unknown {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') return new ConfigError(`PORT: ${port} on ${host} is in use by another program`);
  if (code === 'EACCES') return new ConfigError(`PORT: ${port} needs rights that this user has not`);
  if (code === 'EADDRNOTAVAIL') return new ConfigError(`HOST: ${host} is not an address of this machine`);
  return error;
}
