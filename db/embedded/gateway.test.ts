import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { message, simpleQuery, sync } from './protocol.js';
import { bind, execute, flush, openTestGateway, parse, type TestGateway } from '#tests/support/embedded/gateway.js';

let gateway: TestGateway;
let client: pg.Client;

beforeAll(async () => {
  gateway = await openTestGateway();
  client = await gateway.client();
});
afterAll(() => gateway?.close());

describe('the gateway', () => {
  it('asks for the password', async () => {
    const url = new URL(gateway.url);
    url.password = 'another';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({ code: '28P01' });
    url.password = new URL(gateway.url).password;
    url.username = 'tenant';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({ code: '28000' });
  });

  it('has the extensions', async () => {
    await client.query(
      'create extension if not exists vector; create extension if not exists unaccent; create extension if not exists pg_trgm',
    );
    const { rows } = await client.query(
      `select unaccent('pão') as plain, '[1,2]'::vector <-> '[1,3]' as distance, similarity('pao', 'pao') as alike`,
    );
    expect(rows).toEqual([{ plain: 'pao', distance: 1, alike: 1 }]);
  });

  it('keeps prepared statements of one name on two connections apart', async () => {
    const other = await gateway.client();
    const first = { name: 'same', text: 'select $1::int + 1 as n' };
    const second = { name: 'same', text: `select $1::text || '!' as n` };
    for (let time = 0; time < 3; time++) {
      expect((await client.query({ ...first, values: [time] })).rows).toEqual([{ n: time + 1 }]);
      expect((await other.query({ ...second, values: [String(time)] })).rows).toEqual([{ n: `${time}!` }]);
    }
    await other.end();
    expect((await client.query({ ...first, values: [9] })).rows).toEqual([{ n: 10 }]);
    await vi.waitFor(
      async () =>
        expect((await client.query('select count(*)::int as n from pg_prepared_statements')).rows).toEqual([{ n: 1 }]),
      60_000,
    );
  });

  it('never runs the unnamed statement that another connection parsed', async () => {
    const other = await gateway.raw();
    await other.ask(parse('', `select 'of other'`), sync);
    await client.query('select 1');
    other.write(bind(''), execute, sync);
    const answer = await other.until('nothing');
    expect(answer.map((bytes) => bytes.toString())).toEqual([expect.stringContaining('26000')]);
  });

  it('answers a batch cut by flushes piece by piece, with nobody in between', async () => {
    const raw = await gateway.raw();
    raw.write(parse('', 'select txid_current()'), flush);
    await raw.until('1');
    const waiting = client.query('select txid_current()::int as id');
    raw.write(bind(''), execute, flush);
    await raw.until('C');
    expect((await raw.ask(sync)).status).toBe('I');
    await waiting;
  });

  it('delivers notifications to every connection that listens, and to no other', async () => {
    const heard: string[] = [];
    const listen = async (name: string, sql: string): Promise<pg.Client> => {
      const listener = await gateway.client();
      listener.on('notification', ({ channel, payload }) => heard.push(`${name} ${channel} ${payload}`));
      await listener.query(sql);
      return listener;
    };
    const a = await listen('a', 'listen news');
    const b = await listen('b', 'LISTEN "news"');
    const c = await listen('c', 'listen "Other"');
    await client.query(`select pg_notify('news', 'one'), pg_notify('Other', 'two')`);
    await vi.waitFor(() => expect(heard.toSorted()).toEqual(['a news one', 'b news one', 'c Other two']), 60_000);

    heard.length = 0;
    await a.query('unlisten news');
    await c.end();
    await client.query('begin');
    await client.query(`notify news, 'three'`);
    expect(heard).toEqual([]);
    await client.query('commit');
    await vi.waitFor(() => expect(heard).toEqual(['b news three']), 60_000);

    await b.end();
    await vi.waitFor(
      async () => expect((await client.query('select pg_listening_channels()')).rows).toEqual([]),
      60_000,
    );
  });

  it('carries rows and parameters of five megabytes', async () => {
    const text = 'pão '.repeat(1_250_000);
    const { rows } = await client.query<{ text: string; size: number }>(
      'select $1::text as text, octet_length($1::text) as size',
      [text],
    );
    expect(rows[0]?.size).toBe(6_250_000);
    expect(rows[0]?.text === text).toBe(true);
  });

  it.each([
    ['copy t from stdin', 'COPY FROM STDIN'],
    ['discard all', 'DISCARD'],
    ['deallocate all', 'DISCARD and DEALLOCATE ALL'],
  ])('refuses %s with a clear error, and goes on', async (sql, words) => {
    await client.query('create table if not exists t (n int)');
    await expect(client.query(sql)).rejects.toMatchObject({
      code: '0A000',
      message: expect.stringContaining(words) as string,
    });
    await expect(client.query({ text: sql, values: [], name: sql })).rejects.toMatchObject({ code: '0A000' });
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });

  it('refuses a message that breaks the protocol, and only that client', async () => {
    const raw = await gateway.raw();
    raw.write(Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff]));
    expect((await raw.until('nothing')).map(String)).toEqual([expect.stringContaining('08P01')]);
    const cut = await gateway.raw();
    cut.write(message('P', Buffer.from('no end')));
    expect((await cut.until('nothing')).map(String)).toEqual([expect.stringContaining('08P01')]);
    const strange = await gateway.raw();
    strange.write(message('z'));
    expect((await strange.until('nothing')).map(String)).toEqual([expect.stringContaining('08P01')]);
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  });

  it('takes a message in pieces of one byte', async () => {
    const raw = await gateway.raw();
    for (const byte of simpleQuery('select 42')) raw.write(Buffer.from([byte]));
    expect((await raw.ask()).rows).toEqual([['42']]);
  });

  it('goes on after many connections came and went', async () => {
    const pool = new pg.Pool({ connectionString: gateway.url, max: 40 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => pool.query<{ n: number }>('select $1::int as n', [n])),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    await pool.end();
  });
});
