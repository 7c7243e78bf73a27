import { once } from 'node:events';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simpleQuery, sync } from './protocol.js';
import { bind, execute, flush, openTestGateway, parse, type TestGateway } from '#tests/support/embedded/gateway.js';

let gateway: TestGateway;
let other: pg.Client;

beforeAll(async () => {
  gateway = await openTestGateway();
  other = await gateway.client();
  await other.query(`create table secrets (owner text); alter table secrets enable row level security; alter table secrets force row level security;
    grant select on secrets to tenant, engine; create policy own on secrets to tenant using (owner = current_setting('app.owner', true));
    insert into secrets values ('a'), ('b')`);
});
afterAll(() => gateway?.close());

interface Seen {
  role: string;
  path: string;
  owner: string;
  timeout: string;
}
const look = `select current_user::text as role, current_setting('search_path') as path, coalesce(current_setting('app.owner', true), '') as owner, current_setting('lock_timeout') as timeout`;
const seenBy = async (client: pg.Client): Promise<Seen> => (await client.query<Seen>(look)).rows[0] as Seen;
const untouched: Seen = { role: 'postgres', path: 'public', owner: '', timeout: '0' };

/** What a client does, and what its own later commands see of it, as on a server of its own. */
const leaks: readonly [name: string, act: (client: pg.Client) => Promise<unknown>, own: Partial<Seen>][] = [
  ['set role', (c) => c.query('set role tenant'), { role: 'tenant' }],
  [
    'set with a comment before it',
    (c) => c.query('/* a /* nested */ one */ -- and a line\n set role tenant'),
    { role: 'tenant' },
  ],
  [
    'several sets in one query',
    (c) => c.query(`select 1; set role tenant; set search_path to other, public`),
    { role: 'tenant', path: 'other, public' },
  ],
  ['set_config for the session', (c) => c.query(`select set_config('role', 'tenant', false)`), { role: 'tenant' }],
  [
    'set_config with parameters',
    (c) => c.query('select set_config($1, $2, $3::boolean)', ['lock_timeout', '9s', 'false']),
    { timeout: '9s' },
  ],
  [
    'set_config, local and not, in one',
    (c) => c.query(`select set_config('app.owner', 'a', true), set_config('lock_timeout', '5s', false)`),
    { timeout: '5s' },
  ],
  [
    'a setting of our own, which lives in a transaction only',
    (c) => c.query(`select set_config('app.owner', 'a', false)`),
    {},
  ],
  [
    'a named statement that sets',
    async (c) => {
      await c.query({ name: 'sets', text: `select set_config('role', $1, false)`, values: ['engine'] });
      await c.query({ name: 'sets', text: `select set_config('role', $1, false)`, values: ['tenant'] });
    },
    { role: 'tenant' },
  ],
  ['do', (c) => c.query(`do $$ begin execute 'set role tenant'; end $$`), { role: 'tenant' }],
  [
    'a procedure',
    async (c) => {
      await c.query(
        `create or replace procedure becomes() language plpgsql as $$ begin perform set_config('role', 'tenant', false); end $$`,
      );
      await c.query('call becomes()');
    },
    { role: 'tenant' },
  ],
  [
    'update of pg_settings',
    (c) => c.query(`update pg_settings set setting = '7000' where name = 'lock_timeout'`),
    { timeout: '7s' },
  ],
  [
    'set in a transaction that commits',
    async (c) => {
      for (const sql of ['begin', 'set role tenant', 'commit']) await c.query(sql);
    },
    { role: 'tenant' },
  ],
  [
    'set in a transaction that rolls back',
    async (c) => {
      for (const sql of ['begin', 'set role tenant', 'rollback']) await c.query(sql);
    },
    {},
  ],
  [
    'set undone by a savepoint',
    async (c) => {
      for (const sql of ['begin', 'savepoint s', 'set role tenant', 'rollback to s', 'commit']) await c.query(sql);
    },
    {},
  ],
  [
    'set local',
    async (c) => {
      for (const sql of ['begin', 'set local role tenant', `select set_config('app.owner', 'a', true)`, 'commit'])
        await c.query(sql);
    },
    {},
  ],
  [
    'set local in a failed transaction',
    async (c) => {
      for (const sql of ['begin', 'set local role tenant']) await c.query(sql);
      await c.query('select 1/0').catch(() => {});
      await c.query('commit');
    },
    {},
  ],
  ['set before an error in one query', (c) => c.query('set role tenant; select 1/0').catch(() => {}), {}],
  [
    'an error, then a commit of what was set',
    async (c) => {
      for (const sql of ['begin', 'set role tenant']) await c.query(sql);
      await c.query('nonsense').catch(() => {});
      await c.query('commit');
    },
    {},
  ],
  [
    'set role none after set role',
    async (c) => {
      await c.query('set role tenant');
      await c.query('reset role');
    },
    {},
  ],
  ['set session authorization', (c) => c.query('set session authorization tenant'), { role: 'tenant' }],
  [
    'a setting that only a superuser may set, then a role',
    async (c) => {
      await c.query('set log_min_messages = error');
      await c.query('set role tenant');
    },
    { role: 'tenant' },
  ],
];

describe('what one connection sets', () => {
  it.each(leaks)('stays with it: %s', async (_name, act, own) => {
    const client = await gateway.client();
    await act(client);
    expect(await seenBy(other)).toEqual(untouched);
    expect(await seenBy(client)).toEqual({ ...untouched, ...own });
    expect(await seenBy(other)).toEqual(untouched);
    await client.end();
    expect(await seenBy(other)).toEqual(untouched);
  });

  it.each(leaks)('does not outlive a connection that hangs up at once: %s', async (_name, act) => {
    const client = await gateway.client();
    await act(client);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect(await seenBy(other)).toEqual(untouched);
    expect(await seenBy(await gateway.client())).toEqual(untouched);
  });
});

describe('the role a connection asks for when it connects', () => {
  const engine = { options: '-c role=engine -c search_path=other,public' };

  it('is in force from its first command, pipelined or not', async () => {
    const client = await gateway.raw({ options: engine.options });
    const { rows } = await client.ask(parse('', look), bind(''), execute, sync);
    expect(rows).toEqual([['engine', 'other,public', '', '0']]);
    expect(await seenBy(other)).toEqual(untouched);
  });

  it('comes back after reset role, reset all and set role none', async () => {
    const client = await gateway.client(engine);
    for (const sql of ['reset role', 'reset all', 'set role none']) {
      await client.query(sql);
      expect(await seenBy(client)).toMatchObject({ role: 'engine', path: 'other,public' });
    }
  });

  it('holds after errors, in and out of transactions', async () => {
    const client = await gateway.client(engine);
    for (const failing of [['select 1/0'], ['begin; select 1/0', 'rollback'], ['begin', 'nonsense', 'commit']]) {
      for (const sql of failing) await client.query(sql).catch(() => {});
      expect(await seenBy(other)).toEqual(untouched);
    }
    expect(await seenBy(client)).toMatchObject({ role: 'engine' });
    expect(await seenBy(other)).toEqual(untouched);
  });

  it('holds for every batch of a pipeline, with errors among them, while others work', async () => {
    const client = await gateway.raw({ options: engine.options });
    const busy = Promise.all(Array.from({ length: 50 }, () => seenBy(other)));
    const batches = Array.from({ length: 40 }, (_, at) => [
      parse('', at % 3 === 0 ? 'select 1/0' : look),
      bind(''),
      execute,
      sync,
    ]);
    client.write(...batches.flat());
    for (let at = 0; at < batches.length; at++) {
      const { rows, errors, status } = await client.ask();
      expect(status).toBe('I');
      if (at % 3 === 0) expect(errors).toEqual(['division by zero']);
      else expect(rows).toEqual([['engine', 'other,public', '', '0']]);
    }
    for (const seen of await busy) expect(seen).toEqual(untouched);
  });

  it('is never replaced by the connecting user: an unknown role runs nothing', async () => {
    const client = await gateway.client({ options: '-c role=nobody' });
    await expect(client.query('create table should_not_exist ()')).rejects.toThrow(/role "nobody" does not exist/);
    expect((await other.query(`select to_regclass('should_not_exist') as found`)).rows).toEqual([{ found: null }]);
    expect(await seenBy(other)).toEqual(untouched);
  });
});

describe('a client that hangs up', () => {
  it('in a transaction leaves nothing of it, and the session to the others', async () => {
    await other.query('create table left_behind (n int)');
    for (const end of [
      'begin; insert into left_behind values (1); set local role tenant',
      'begin; set role tenant; select 1/0',
    ]) {
      const client = await gateway.raw();
      await client.ask(simpleQuery(end));
      client.socket.destroy();
      expect(await seenBy(other)).toEqual(untouched);
    }
    expect((await other.query('select count(*)::int as n from left_behind')).rows).toEqual([{ n: 0 }]);
  });

  it('before its first answer came, with begin still running', async () => {
    for (let time = 0; time < 10; time++) {
      const client = await gateway.raw({ options: '-c role=tenant' });
      client.write(simpleQuery('begin'), simpleQuery('set local role tenant'), simpleQuery('select pg_sleep(0.01)'));
      client.socket.destroy();
      expect(await seenBy(other)).toEqual(untouched);
    }
  });

  it('in the middle of a batch that it never ended', async () => {
    const client = await gateway.raw();
    client.write(parse('', 'insert into left_behind values (2)'), bind(''), execute, flush);
    await client.until('C');
    client.socket.destroy();
    expect((await other.query('select count(*)::int as n from left_behind')).rows).toEqual([{ n: 0 }]);
  });

  it('politely, after a pipeline, has all of it done', async () => {
    const client = await gateway.raw();
    client.write(
      simpleQuery('begin'),
      simpleQuery('insert into left_behind values (3)'),
      simpleQuery('commit'),
      Buffer.from('X\0\0\0\x04', 'latin1'),
    );
    await once(client.socket, 'close');
    expect((await other.query('select n from left_behind')).rows).toEqual([{ n: 3 }]);
  });
});

describe('a transaction', () => {
  it('keeps the session until it ends, and sees nothing of the others', async () => {
    const client = await gateway.client({ options: '-c role=tenant' });
    await client.query('begin');
    await client.query(`select set_config('app.owner', 'a', true)`);
    const waiting = seenBy(other);
    expect((await client.query('select owner from secrets')).rows).toEqual([{ owner: 'a' }]);
    await client.query('commit');
    expect(await waiting).toEqual(untouched);
    expect((await client.query('select owner from secrets')).rows).toEqual([]);
  });

  it('fails as a whole after an error, as on any PostgreSQL', async () => {
    const client = await gateway.raw();
    expect(await client.ask(simpleQuery('begin'))).toMatchObject({ status: 'T' });
    expect(await client.ask(parse('', 'nonsense'), bind(''), execute, sync)).toMatchObject({ status: 'E' });
    expect((await client.ask(simpleQuery('select 1'))).errors).toEqual([
      'current transaction is aborted, commands ignored until end of transaction block',
    ]);
    expect(await client.ask(simpleQuery('commit'))).toMatchObject({ status: 'I', errors: [] });
  });
});
