/**
 * What the intake, the start and the API are held against: Fastify and nothing that is not needed.
 * FLOOR=echo answers; =grouped inserts each request's JSON, many requests in one statement, and answers after the commit; =queued also
 * adds a job for each; =pages answers a GET with the 50 newest messages of the conversation its path names, and a PATCH by giving that department a name,
 * each in a transaction, for nobody in particular. Says `Ready: <address>`.
 */
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { GroupCommit } from '#db/groupCommit.js';

const { FLOOR: floor, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, PORT: port = '0' } = process.env;
const app = Fastify();
let store: (body: string) => Promise<void> = async () => {};

if (floor === 'grouped' || floor === 'queued') {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
  const queue =
    floor === 'queued' && redisUrl
      ? new Queue('floor', { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }) })
      : null;
  const commit = new GroupCommit<string>(
    async (bodies) => {
      const ids = bodies.map(() => uuidv7());
      await pool.query({
        name: 'store',
        text: 'insert into floor_events (id, body) select * from unnest($1::uuid[], $2::jsonb[])',
        values: [ids, bodies],
      });
      await queue?.addBulk(
        ids.map((id) => ({ name: 'event', data: { id }, opts: { jobId: `event_${id}`, removeOnComplete: true } })),
      );
    },
    { maxRows: 500, maxInFlight: 2 },
  );
  store = (body) => commit.add(body);
}
app.post('/*', async (request) => {
  await store(JSON.stringify(request.body));
  return { received: 1 };
});
if (floor === 'pages') {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const transact = async (text: string, values: unknown[]): Promise<readonly unknown[]> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<Record<string, unknown>>(text, values);
      await client.query('commit');
      return rows;
    } finally {
      client.release();
    }
  };
  app.get<{ Params: { id: string } }>('/:id', async ({ params }) => ({
    items: await transact('select * from platform.messages where conversation_id = $1 order by id desc limit 50', [
      params.id,
    ]),
  }));
  app.patch<{ Params: { id: string }; Body: { name: string } }>('/:id', async ({ params, body }) =>
    transact('update platform.departments set name = $2 where id = $1 returning *', [params.id, body.name]),
  );
}
console.log(`Ready: ${await app.listen({ port: Number(port), host: '127.0.0.1' })}`);
process.on('SIGTERM', () => process.exit(0));
