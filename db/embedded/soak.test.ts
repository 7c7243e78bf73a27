import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { openTestGateway, type TestGateway } from '#tests/support/embedded/gateway.js';

/** Seconds of everything at once; longer by hand. */
const seconds = Number(process.env['EMBEDDED_SOAK_SECONDS'] ?? 3);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway?.close());

it('shows 300 concurrent transactions of mixed roles and settings only their own rows', async () => {
  const owners = ['a', 'b', 'c'];
  const admin = await gateway.client();
  await admin.query(`create table things (owner text); alter table things enable row level security; alter table things force row level security;
    grant select, insert on things to tenant, engine; create policy own on things to tenant using (owner = current_setting('app.owner', true));
    create policy every on things to engine using (true)`);
  await admin.query(`insert into things select unnest($1::text[])`, [owners]);
  const pools = ['', '-c search_path=other,public', '-c role=engine', '-c role=engine -c search_path=public,other'].map(
    (options) => new pg.Pool({ connectionString: gateway.url, max: 8, ...(options ? { options } : {}) }),
  );
  const wrong: unknown[] = [];
  const expectRows = (name: string, rows: { owner: string }[], owned: string[]): void => {
    const seen = rows.map(({ owner }) => owner).sort();
    if (seen.join() !== owned.join()) wrong.push({ name, seen });
  };
  const asTenant = async (pool: pg.Pool, at: number): Promise<void> => {
    const owner = owners[at % 3] ?? '';
    const client = await pool.connect();
    try {
      await client.query('begin');
      if (at % 2) await client.query('set local role tenant');
      else await client.query(`select set_config('role', 'tenant', true)`);
      await client.query(`select set_config('app.owner', $1, true)`, [owner]);
      expectRows('tenant', (await client.query<{ owner: string }>('select owner from things')).rows, [owner]);
      if (at % 7 === 0) await client.query('select 1/0').catch(() => {});
      await client.query(at % 5 === 0 ? 'rollback' : 'commit');
    } finally {
      client.release(at % 11 === 0);
    }
  };
  const asEngine = async (pool: pg.Pool, at: number): Promise<void> => {
    if (at % 9 === 0) await pool.query('select 1/0').catch(() => {});
    const { rows } = await pool.query<{ owner: string; role: string }>(
      'select owner, current_user::text as role from things',
    );
    expectRows('engine', rows, owners);
    if (rows.some(({ role }) => role !== 'engine')) wrong.push(rows);
  };
  const [plain, other, engine, engineElsewhere] = pools as [pg.Pool, pg.Pool, pg.Pool, pg.Pool];
  await Promise.all(
    Array.from({ length: 300 }, (_, at) =>
      Promise.all([asTenant(at % 2 ? plain : other, at), asEngine(at % 2 ? engine : engineElsewhere, at)]),
    ),
  );
  expect(wrong).toEqual([]);
  const { rows } = await plain.query(
    `select current_user::text as role, coalesce(current_setting('app.owner', true), '') as owner`,
  );
  expect(rows).toEqual([{ role: 'postgres', owner: '' }]);
  await Promise.all(pools.map((pool) => pool.end()));
});

it(
  `answers everyone rightly through ${seconds} s of queries, errors, big rows and hang-ups`,
  { timeout: 60_000 + seconds * 1000 },
  async () => {
    const pool = new pg.Pool({ connectionString: gateway.url, max: 8 });
    await pool.query('create table work (id bigserial primary key, n int, t text)');
    const until = Date.now() + seconds * 1000;
    const wrong: unknown[] = [];
    let done = 0;

    const acts: readonly ((n: number) => Promise<unknown>)[] = [
      async (n) => {
        const { rows } = await pool.query<{ n: number; size: number }>('select $1::int as n, length($2) as size', [
          n,
          'z'.repeat(n % 3000),
        ]);
        if (rows[0]?.n !== n || rows[0].size !== n % 3000) wrong.push(rows);
      },
      (n) => pool.query('insert into work (n, t) values ($1, $2)', [n, 'y'.repeat(200)]),
      async (n) => {
        const client = await pool.connect();
        await client.query('begin');
        await client.query('update work set n = n + 1 where id = $1', [n % 1000]);
        if (n % 2) await client.query('select 1/0').catch(() => {});
        await client.query('commit');
        client.release();
      },
      async (n) => {
        const client = new pg.Client({
          connectionString: gateway.url,
          ...(n % 2 ? { options: '-c role=tenant' } : {}),
        });
        client.on('error', () => {});
        await client.connect();
        await client.query('begin');
        client.query('select pg_sleep(0.002)').catch(() => {});
        (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      },
      async (n) => {
        const { rows } = await pool.query<{ t: string }>(`select repeat('x', $1::int) as t`, [100_000 + n]);
        if (rows[0]?.t.length !== 100_000 + n) wrong.push(rows[0]?.t.length);
      },
    ];
    const worker = async (): Promise<void> => {
      while (Date.now() < until) {
        const n = done++;
        await acts[n % acts.length]?.(n);
      }
    };
    await Promise.all(Array.from({ length: 12 }, worker));
    expect(wrong).toEqual([]);
    expect(done).toBeGreaterThan(100);
    expect((await pool.query<{ role: string }>('select current_user::text as role')).rows).toEqual([
      { role: 'postgres' },
    ]);
    await pool.end();
  },
);
