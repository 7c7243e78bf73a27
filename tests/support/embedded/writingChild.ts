/** Process of durability.test.ts: writes pairs of rows in transactions and says which were committed, until it is killed. */
import pg from 'pg';
import { startEmbedded } from '#db/embedded/start.js';

const [, , dataDir = '', life = ''] = process.argv;
process.on('disconnect', () => process.exit());
const embedded = await startEmbedded({ dataDir });
const pool = new pg.Pool({ connectionString: embedded.url, max: 4 });
await pool.query('create table if not exists heads (id text primary key, vector real[], pad text)');
await pool.query('create table if not exists tails (id text primary key)');

async function write(writer: number): Promise<never> {
  for (let at = 0; ; at++) {
    const id = `${life}-${writer}-${at}`;
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into heads values ($1, $2, $3)', [id, [1, 2, 3], 'x'.repeat(500)]);
    await client.query('insert into tails values ($1)', [id]);
    await client.query('commit');
    client.release();
    process.send?.(id);
  }
}
await Promise.all([1, 2, 3, 4].map(write));
