import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { z } from 'zod';
import type { Database } from '#db/connect.js';
import type { Queues } from '#engine/worker/enqueue.js';
import type { App } from './appType.js';

const alive = z.object({ status: z.literal('ok') });
const ready = z.object({
  status: z.enum(['ok', 'unavailable']),
  reasons: z.array(z.string()),
  /** What somebody should look at although work can be taken. */
  warnings: z.array(z.string()),
});

/** How long a store may take to say that it is there. */
const PATIENCE_MS = 3_000;

/** A worker says every third of its lease (15 s) that it lives; one that is later than this stands still, is cut off, or its event loop is blocked. */
const SILENT_SECONDS = 8;
/** A turn of this process's event loop that took longer keeps everybody waiting, in milliseconds. */
const BLOCKED_MS = 1_000;

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  /** Why it can take no work; empty when it can. */
  readonly reasons: string[];
  readonly warnings: string[];
}

export interface ReadinessDeps {
  readonly db: Database;
  readonly queues: Pick<Queues, 'ping'>;
  /** What else keeps this process from taking work now; `null`: nothing. */
  readonly hindrance?: () => string | null;
}

/** Looks whether this process can take work. `close` ends the watch over the event loop. */
export function openReadiness({ db, queues, hindrance = () => null }: ReadinessDeps) {
  const loop = monitorEventLoopDelay({ resolution: 100 });
  loop.enable();
  return {
    close: () => void loop.disable(),
    async look(): Promise<Readiness> {
      const stores = { 'the database': db.ping(), 'the queue': queues.ping() };
      const found = await Promise.all(Object.entries(stores).map(([name, ping]) => reasonOf(name, ping)));
      const reasons = [...found, hindrance()].filter((reason) => reason !== null);
      const silent = found.every((reason) => reason === null) ? await silentWorkers(db) : null;
      const warnings = [blockedLoop(loop), silent].filter((said) => said !== null);
      return { status: reasons.length === 0 ? 'ok' : 'unavailable', reasons, warnings };
    },
  };
}

/** Seconds after which somebody who was told that it cannot take work may ask again. */
export const ASK_AGAIN_S = 2;

/** `/healthz`: the process lives. `/readyz`: it can take work; else 503 and why. It also warns of workers that are not heard of and of a blocked loop. */
export async function healthRoutes(app: App, { db, queues }: { db: Database; queues: Queues }): Promise<void> {
  const readiness = openReadiness({ db, queues });
  app.addHook('onClose', async () => readiness.close());
  const access = { public: 'load balancers and process managers ask' };

  app.get(
    '/healthz',
    { config: { access }, schema: { tags: ['health'], summary: 'Is the process alive', response: { 200: alive } } },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access },
      schema: { tags: ['health'], summary: 'Can it take work', response: { 200: ready, 503: ready } },
    },
    async (_request, reply) => {
      const said = await readiness.look();
      if (said.status === 'unavailable') reply.code(503).header('retry-after', ASK_AGAIN_S);
      return said;
    },
  );
}

/** How long the longest turn since the last question was, if it was too long. */
function blockedLoop(loop: IntervalHistogram): string | null {
  const longest = loop.max / 1e6;
  loop.reset();
  return longest > BLOCKED_MS ? `the event loop was blocked for ${Math.round(longest)} ms` : null;
}

/** Those that were declared dead are nobody's concern any more: their runs went to others. */
async function silentWorkers({ engine }: Database): Promise<string | null> {
  const { rows } = await engine.query<{ silent: number; seconds: number }>(
    `select count(*)::int as silent, coalesce(max(extract(epoch from now() - seen_at)), 0)::int as seconds from platform.workers
     where alive and seen_at < now() - make_interval(secs => $1)`,
    [SILENT_SECONDS],
  );
  const [found] = rows;
  if (!found || found.silent === 0) return null;
  return `${found.silent} ${found.silent === 1 ? 'worker has' : 'workers have'} not been heard of for ${found.seconds} s`;
}

async function reasonOf(name: string, ping: Promise<void>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`${name} does not answer`), PATIENCE_MS);
  });
  const answer = ping.then(
    () => null,
    () => `${name} cannot be reached`,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
