import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetWrites } from '#engine/worker/sweep/expired.js';
import type { Session } from '#server/api/auth/schemas.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { bodies, makeThings, pathOf, type Things } from '#tests/support/everyRoute.js';
import { join, password } from '#tests/support/people.js';
import { apiRoutes, changes, nameOf } from '#tests/support/routes.js';

const server: TestApp = await buildTestApp();
let owner: Session;
beforeAll(async () => {
  owner = await server.register();
});
afterAll(() => server.close());

const post = (as: Session, path: string, body: unknown, key: string) =>
  server.call('POST', path, { as, body, headers: { 'idempotency-key': key } });
const hire = (as: Session, key: string, name = 'Balcão') => post(as, '/departments', { name }, key);
const rows = async (as: Session) =>
  server.db.withOrganization(as.organization.id, async (trx) => {
    const { rows: found } = await trx.raw<{ rows: Record<string, unknown>[] }>(
      'select * from platform.idempotency_keys',
    );
    return found;
  });
/** Everything in the table, bytes included, as somebody reads it who has copied it. */
const readable = async (as: Session): Promise<string> =>
  (await rows(as))
    .flatMap((row) => Object.values(row))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
    .join('\n');
const age = (as: Session, interval: string) =>
  server.db.withOrganization(as.organization.id, (trx) =>
    trx.raw('update platform.idempotency_keys set created_at = now() - ?::interval', [interval]),
  );

describe('a write that is sent again with its key', () => {
  it('happens once, and gets the same answer, byte for byte', async () => {
    const first = await hire(owner, 'once');
    const second = await hire(owner, 'once');
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    const none = await server.call('DELETE', `/departments/${first.body.id}`, {
      as: owner,
      headers: { 'idempotency-key': 'gone' },
    });
    const again = await server.call('DELETE', `/departments/${first.body.id}`, {
      as: owner,
      headers: { 'idempotency-key': 'gone' },
    });
    expect([none.status, again.status, again.headers['idempotency-replayed']]).toEqual([204, 204, 'true']);
  });

  it('happens once when it is sent ten times at once', async () => {
    const as = await server.register();
    const answers = await Promise.all(Array.from({ length: 10 }, () => hire(as, 'at-once')));
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.id as string);
    expect(new Set(ids).size).toBe(1);
    for (const { status, body } of answers) if (status !== 201) expect(body.error.code).toBe('idempotency_in_progress');
    expect((await server.call('GET', '/departments', { as })).body.items).toHaveLength(1);
  });

  it('is another write when it asks for something else', async () => {
    await hire(owner, 'same-key', 'A');
    expect((await hire(owner, 'same-key', 'B')).body.error.code).toBe('idempotency_mismatch');
  });

  it('may happen again after a day, and not before', async () => {
    const as = await server.register();
    const first = await hire(as, 'daily');
    await age(as, '23 hours');
    expect((await hire(as, 'daily')).body.id).toBe(first.body.id);
    await age(as, '25 hours');
    const next = await hire(as, 'daily', 'Something else by now');
    expect(next.status).toBe(201);
    expect(next.body.id).not.toBe(first.body.id);
  });
});

describe('a process that dies', () => {
  /** What the database refuses from now on, as if the process had died there; `mend` takes it back. */
  async function breakAt(table: string, when: string): Promise<() => Promise<void>> {
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(
      `create function public.die() returns trigger language plpgsql as $$ begin raise exception 'gone'; end $$`,
    );
    await admin.query(
      `create trigger die before insert or update on platform.${table} for each row when (${when}) execute function public.die()`,
    );
    return async () => {
      await admin.query('drop function public.die() cascade');
      await admin.end();
    };
  }
  const names = async (as: Session): Promise<string[]> =>
    (await server.call('GET', '/departments', { as })).body.items.map(({ name }: { name: string }) => name);

  it('between the write and its answer has written once: who asks again hears that, and nothing happens twice', async () => {
    const as = await server.register();
    const mend = await breakAt('idempotency_keys', 'new.status_code is not null');
    const [first] = await Promise.allSettled([hire(as, 'cut', 'Uma vez')]);
    await mend();
    expect(first).not.toMatchObject({ value: { status: 201 } });
    await age(as, '2 minutes');
    for (let tries = 0; tries < 3; tries++)
      expect(await hire(as, 'cut', 'Uma vez')).toMatchObject({
        status: 409,
        body: { error: { code: 'idempotency_lost' } },
      });
    expect((await hire(as, 'cut', 'Outra')).body.error.code).toBe('idempotency_mismatch');
    expect(await names(as)).toEqual(['Uma vez']);
  });

  it('among others whose writes it made together with its own has written once for each of them', async () => {
    const as = await server.register();
    const definition = {
      format: 1,
      nodes: [{ id: 'by_hand', type: 'trigger.manual', version: 1, config: {}, position: { x: 0, y: 0 } }],
      edges: [],
      settings: {},
    };
    const { body } = await server.call('POST', '/departments', { as, body: { name: 'Junto', definition } });
    await server.call('POST', `/departments/${body.id}/publish`, { as, body: {} });
    const starts = () =>
      Promise.all(
        Array.from({ length: 8 }, (_, n) => post(as, `/departments/${body.id}/runs`, { input: {} }, `start-${n}`)),
      );
    const mend = await breakAt('idempotency_keys', 'new.status_code is not null');
    await starts().catch(() => {});
    await mend();
    const runs = async () => (await server.call('GET', '/runs', { as })).body.items.length;
    await expect.poll(runs).toBe(8);
    await age(as, '2 minutes');
    for (const again of await starts()) expect(again.body.error?.code).toBe('idempotency_lost');
    expect(await runs()).toBe(8);
  });

  it('before it has written anything leaves the next one free to', async () => {
    const as = await server.register();
    const mend = await breakAt('departments', 'true');
    expect((await hire(as, 'early', 'Uma vez')).status).toBe(500);
    await mend();
    expect((await hire(as, 'early', 'Uma vez')).status).toBe(201);
    expect(await names(as)).toEqual(['Uma vez']);
  });

  it('is waited for a minute, whatever it has done', async () => {
    const as = await server.register();
    const mend = await breakAt('idempotency_keys', 'new.status_code is not null');
    await Promise.allSettled([hire(as, 'young', 'Uma vez')]);
    await mend();
    await server.db.withOrganization(as.organization.id, (trx) =>
      trx.raw('update platform.idempotency_keys set created_at = now()'),
    );
    expect((await hire(as, 'young', 'Uma vez')).body.error.code).toBe('idempotency_in_progress');
  });
});

describe('every route that writes', () => {
  const writes = apiRoutes(server).filter((route) => changes(route) && !(route.access && 'public' in route.access));
  let as: Session;
  let things: Things;
  let asked = 0;
  beforeAll(async () => {
    things = await makeThings(server, 'Toda');
  });

  it.each(writes.map((route) => [nameOf(route), route] as const))('%s happens once for a key', async (name, route) => {
    // Wrong passwords are counted for a person: a new one before there are too many.
    if (asked++ % 6 === 0) as = await server.register();
    const key = `every ${name}`.replaceAll(' ', '-');
    const ask = (body: unknown) =>
      server.call(route.method as 'POST', pathOf(route, uuidv7Of(name)), {
        as,
        body,
        headers: { 'idempotency-key': key },
      });
    const body = bodies[name]?.(things);
    const first = await ask(body);
    const again = await ask(body);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([
      first.status,
      first.body,
      'true',
    ]);
    const other = await ask({ ...body, surprise: 1 });
    // Whoever checks first: the key was used for another request, or nothing has a field like that.
    expect(['idempotency_mismatch', 'bad_input']).toContain(other.body.error.code);
  });

  /** The same id each time that a route is asked. */
  const ids = new Map<string, string>();
  function uuidv7Of(name: string): string {
    const id = ids.get(name) ?? uuidv7();
    ids.set(name, id);
    return id;
  }
});

describe('a key', () => {
  it('is its caller’s alone: a person’s, or an API key’s', async () => {
    const ana = await join(server, owner, 'admin');
    const made = async (name: string): Promise<Session> => {
      const { body } = await server.call('POST', '/api-keys', {
        as: owner,
        body: { name, permissions: ['departments:write'] },
      });
      return { ...owner, accessToken: body.key };
    };
    const callers = [owner, ana, await made('One'), await made('Two')];
    const ids = [];
    for (const as of callers) ids.push((await hire(as, 'everybody-s')).body.id);
    expect(new Set(ids).size).toBe(4);
    for (const [i, as] of callers.entries()) expect((await hire(as, 'everybody-s')).body.id).toBe(ids[i]);
  });

  it('of another organization is not known here', async () => {
    const other = await server.register();
    const first = await hire(owner, 'two-houses');
    const theirs = await hire(other, 'two-houses');
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
    expect(theirs.body.id).not.toBe(first.body.id);
  });
});

describe('what is kept', () => {
  it('shows nobody what was shown once, nor a password', async () => {
    const as = await server.register();
    const key = await post(as, '/api-keys', { name: 'ERP', permissions: ['runs:read'] }, 'a');
    const totp = await post(as, '/account/totp', { password }, 'b');
    const switched = await post(as, '/auth/switch', { organizationId: as.organization.id }, 'c');
    const fresh: Session = switched.body;
    const ticket = await post(fresh, '/realtime/ticket', {}, 'd');
    const changed = await post(
      fresh,
      '/account/password',
      { currentPassword: password, newPassword: `${password}!` },
      'e',
    );
    expect((await rows(as)).filter((row) => row['status_code'] !== null)).toHaveLength(5);
    const text = await readable(as);
    for (const secret of [
      key.body.key,
      totp.body.secret,
      fresh.accessToken,
      fresh.refreshToken,
      ticket.body.ticket,
      changed.body.refreshToken,
      password,
    ]) {
      expect(secret).toEqual(expect.any(String));
      expect(text).not.toContain(secret);
    }
    expect((await rows(as)).map((row) => row['response'])).toEqual([null, null, null, null, null]);
    expect((await post(changed.body, '/api-keys', { name: 'ERP', permissions: ['runs:read'] }, 'a')).body).toEqual(
      key.body,
    );
  });

  it('is forgotten by the sweeper after a day', async () => {
    const as = await server.register();
    await hire(as, randomUUID());
    await forgetWrites(server.db.engine);
    expect(await rows(as)).toHaveLength(1);
    await age(as, '25 hours');
    expect(await forgetWrites(server.db.engine)).toBeGreaterThan(0);
    expect(await rows(as)).toEqual([]);
  });
});
