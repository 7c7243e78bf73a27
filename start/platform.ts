import { connect } from '#db/connect.js';
import { migrate } from '#db/migrate.js';
import type { Query } from '#db/query.js';
import { openMaster, watchMaster } from '#db/masterKey.js';
import { createWhatsAppClient } from '#engine/channels/whatsapp/client.js';
import { egressFetch } from '#engine/connections/egressFetch.js';
import { createOwnKeys } from '#engine/connections/ownKeys.js';
import { openEgress } from '#engine/egress/egress.js';
import { searchKnowledge } from '#engine/knowledge/search.js';
import { createLocalLimiter } from '#engine/limits/limiter.js';
import { createRedisLimiter } from '#engine/limits/redisLimiter.js';
import { createModels } from '#engine/models/gateway.js';
import { createBudget } from '#engine/worker/budget.js';
import { createLocalBus } from '#engine/worker/bus.js';
import { onceInAWhile } from '#engine/worker/log.js';
import { createRedisBus } from '#engine/worker/redisBus.js';
import { nodeTypes } from '#nodes/registry.js';
import type { Config } from '#server/config.js';
import { openHealthDoor } from '#server/healthDoor.js';
import { createLog } from '#server/log.js';
import { loadMasterKeys } from '#server/masterKey.js';
import { loadOperatorKey } from '#server/operatorKey.js';
import { openEmbedded } from './embedded.js';
import { root } from './root.js';
import { checkStores } from './stores.js';

export interface Platform {
  /** `null` in a process that only works. */
  readonly address: string | null;
  /** Where a process that only works answers `/healthz` and `/readyz`; `null`: nowhere. */
  readonly healthAddress: string | null;
  /** Opens the outbox; `null` with a mail service. */
  readonly operatorKey: string | null;
  /** Stops taking work, lets what runs come to a rest, closes every store. */
  close(): Promise<void>;
}

/**
 * The composition root: stores, models, channels, then the API and a worker or one of them, as `config.role` says. What was opened is
 * closed in reverse. Throws `ConfigError` or `DirectoryInUse` for what the caller can mend.
 * @param logLevel default: only warnings embedded, where a person reads along; everything with services
 * @param opening the embedded database, when somebody has begun to open it already
 */
export async function startPlatform(
  config: Config,
  logLevel?: string,
  opening: ReturnType<typeof openEmbedded> = openEmbedded(config),
): Promise<Platform> {
  // A process loads what its role needs, while its database opens.
  const [api, work] = await Promise.all([
    config.role === 'worker' ? null : import('#server/main.js'),
    config.role === 'api' ? null : import('#engine/worker/main.js'),
  ]);
  const log = createLog(logLevel ?? (config.mode === 'embedded' ? 'warn' : config.logLevel));
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const redisUrl = config.redisUrl?.reveal();
    if (config.databaseUrl) await checkStores(config.databaseUrl.reveal(), redisUrl);
    const embedded = await opening;
    if (embedded) closing.push(() => embedded.close());
    const databaseUrl = embedded?.url ?? (config.databaseUrl?.reveal() as string);
    const [masterKeys, operatorKey] = await Promise.all([
      loadMasterKeys(config),
      config.sendGrid || config.role === 'worker' ? null : loadOperatorKey(config),
      migrate(databaseUrl),
    ]);
    const database = connect(databaseUrl);
    closing.push(() => database.close());
    const bus = redisUrl
      ? createRedisBus(redisUrl, (error) => log.warn({ err: error }, 'Redis is away'))
      : createLocalBus();
    closing.push(() => bus.close());
    const keyring = await openMaster(database, masterKeys);
    const watch = watchMaster(database, keyring);
    closing.push(async () => watch.close());
    const egress = openEgress({ allow: config.egressAllow });
    const query: Query = (text, values) => database.engine.query(text, values);
    const limiter = redisUrl
      ? createRedisLimiter(
          redisUrl,
          onceInAWhile((error) => log.warn({ err: error }, 'Redis is away')),
        )
      : createLocalLimiter();
    closing.push(() => limiter.close());
    const models = createModels({
      counter: limiter,
      limits: config.openaiLimits,
      budget: createBudget(database.engine, config.reaisPerDollar),
      ownKeys: createOwnKeys(query, (organizationId, sealed) => keyring.open(query, organizationId, sealed)),
      guardedFetch: egressFetch(egress),
      ...(config.openai && {
        openai: {
          apiKey: config.openai.apiKey.reveal(),
          ...(config.openai.baseUrl && { baseUrl: config.openai.baseUrl }),
        },
      }),
    });

    const worker =
      work &&
      (await work.openWorker({
        database,
        queue: { databaseUrl, redisUrl },
        bus,
        models,
        keyring,
        whatsapp: createWhatsAppClient({ graphUrl: config.meta.graphUrl }),
        nodeTypes,
        egress,
        limiter,
        log,
        // Embedded there is one worker: under one name it takes up at once what it left.
        settings: config.mode === 'embedded' ? { name: 'embedded' } : {},
      }));
    if (worker) closing.push(() => worker.close());
    if (worker && !api) {
      await worker.begin();
      const door =
        config.healthPort === null
          ? null
          : await openHealthDoor({
              host: config.host,
              port: config.healthPort,
              db: database,
              queues: worker.queues,
              hindrance: () => worker.hindrance(),
            });
      // Closed after the worker, of which it tells to the end that it takes nothing more.
      if (door) closing.splice(closing.length - 1, 0, () => door.close());
      return { address: null, healthAddress: door?.address ?? null, operatorKey, close };
    }
    const server = await api?.startServer({
      config,
      databaseUrl,
      keyring,
      operatorKey,
      bus,
      log,
      searchKnowledge: (organizationId, query, options) =>
        searchKnowledge(database, models, organizationId, query, options),
      models: (caller) => models.forRun({ ...caller, charge: () => undefined }),
      modelCatalogue: () => models.catalogue(),
      sandbox: models.sandbox,
      ...(worker && { queues: worker.queues, admission: worker.admission }),
      templatesDirectory: `${root}templates`,
      webAppDirectory: `${root}dist/editor`,
    });
    closing.push(async () => server?.close());
    // What arrives is taken in already, and waits on the queue: to open its ways to each queue takes the worker longer than anything else here.
    await worker?.begin();
    return { address: server?.address ?? null, healthAddress: null, operatorKey, close };
  } catch (error) {
    await close();
    throw error;
  }
}
