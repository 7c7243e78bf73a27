import { z } from 'zod';
import type { Database } from '#db/connect.js';
import type { Queues } from '#engine/worker/enqueue.js';
import type { App } from './appType.js';

const alive = z.object({ status: z.literal('ok') });
const ready = z.object({ status: z.enum(['ok', 'unavailable']), reasons: z.array(z.string()) });

/** How long a store may take to say that it is there. */
const PATIENCE_MS = 3_000;

/** `/healthz`: the process lives. `/readyz`: it can take work; else 503 and why. */
export async function healthRoutes(app: App, { db, queues }: { db: Database; queues: Queues }): Promise<void> {
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
      const stores = { 'the database': db.ping(), 'the queue': queues.ping() };
      const reasons = await Promise.all(Object.entries(stores).map(([name, ping]) => reasonOf(name, ping)));
      const away = reasons.filter((reason) => reason !== null);
      if (away.length === 0) return { status: 'ok' as const, reasons: [] };
      return reply.code(503).header('retry-after', 2).send({ status: 'unavailable', reasons: away });
    },
  );
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
