import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEvent } from '#engine/graph/events.js';
import type { Session } from '#server/api/auth/schemas.js';
import { may, permissions, withinDepartments, type Permission } from '#server/permissions.js';
import { SESSION_OVER } from '#server/realtime/routes.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { bodies, makeWork, named, pathOf, type Things } from '#tests/support/everyRoute.js';
import { join, mailed, password } from '#tests/support/people.js';
import { apiRoutes, nameOf, prefix } from '#tests/support/routes.js';

/**
 * One organization with two departments, and callers limited to the first: over every route that takes an id, the other department's things
 * are answered like things that do not exist.
 */
const server: TestApp = await buildTestApp({ trustProxy: '127.0.0.1' });
const here = '/organizations/current';

type Work = Awaited<ReturnType<typeof makeWork>>;
let owner: Session;
let first: Work;
let second: Work;
/** Callers limited to the first department; a key may everything that a key can. */
const limited = new Map<string, Session>();

const call = (as: Session, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  server.call(method, path, { as, ...(body !== undefined && { body }) });
const limit = (as: Session, departments: readonly string[] | null) =>
  call(owner, 'PATCH', `${here}/members/${as.user.id}`, { departments });
const usual: readonly Permission[] = permissions.filter((permission) => may('admin', permission));
async function keyOf(as: Session, departments: readonly string[] | null, scopes: readonly Permission[] = usual) {
  const { status, body } = await call(as, 'POST', '/api-keys', { name: 'Caixa', permissions: scopes, departments });
  expect(status).toBe(201);
  return { id: body.id as string, as: { ...as, accessToken: body.key as string } };
}

beforeAll(async () => {
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  owner = await server.register();
  first = await makeWork(server, owner, 'Balcão');
  second = await makeWork(server, owner, 'Cozinha');
  for (const role of ['member', 'viewer'] as const) {
    const person = await join(server, owner, role);
    expect((await limit(person, [first.department])).status).toBe(204);
    limited.set(role, person);
  }
  limited.set('key', (await keyOf(owner, [first.department], permissions)).as);
});
afterAll(() => server.close());

const ofDepartment: readonly (keyof Things)[] = ['department', 'channel', 'conversation', 'run'];
const routes = apiRoutes(server).filter(({ url }) => {
  const [, thing] = named.find(([start]) => url.slice(prefix.length).startsWith(start)) ?? [];
  return thing !== undefined && ofDepartment.includes(thing);
});
let asked = 0;
const elsewhere = () => ({ 'x-forwarded-for': `10.1.${Math.floor(++asked / 256)}.${asked % 256}` });

describe('the routes with an id of what belongs to a department', () => {
  it('are not few', () => {
    expect(routes.length).toBeGreaterThan(15);
  });

  const tried = { denied: 0, allowed: 0 };
  it.each(routes.map((route) => [nameOf(route), route] as const))(
    '%s answers another department like none',
    async (name, route) => {
      const ask = (as: Session, ids: Work | string) =>
        server.call(route.method as 'GET', pathOf(route, ids), {
          as,
          body: bodies[name]?.(first as unknown as Things),
          headers: elsewhere(),
        });
      const shape = ({ status, body }: Awaited<ReturnType<typeof ask>>) => ({
        status,
        error: { ...body.error, requestId: '' },
      });
      for (const [who, as] of limited) {
        const [theirs, random] = [await ask(as, second), await ask(as, uuidv7())];
        expect([who, shape(theirs)]).toEqual([who, shape(random)]);
        expect([403, 404]).toContain(theirs.status);
        tried.denied += 1;
      }
      const { access } = route;
      const isRead =
        route.method === 'GET' &&
        access &&
        'permission' in access &&
        may('viewer', access.permission) &&
        withinDepartments(access.permission);
      for (const as of isRead ? [...limited.values(), owner] : []) {
        expect((await ask(as, first)).status).toBe(200);
        tried.allowed += 1;
      }
      // The owner is limited to nothing.
      const isOpen = route.method === 'GET' ? (await ask(owner, second)).status : 200;
      expect(isOpen).toBe(200);
    },
  );
  afterAll(() => {
    console.log(
      `grants: ${routes.length} routes x ${limited.size} callers, ${tried.denied} denied, ${tried.allowed} allowed`,
    );
  });
});

describe('what a limited caller sees', () => {
  it.each(['/departments', '/runs', '/conversations', '/integrations', '/agents'])(
    'in %s is of their departments alone',
    async (path) => {
      const departmentOf = (item: { departmentId?: string; id: string }) => item.departmentId ?? item.id;
      const all = (await call(owner, 'GET', path)).body.items.map(departmentOf);
      expect(new Set(all)).toEqual(new Set([first.department, second.department]));
      for (const as of limited.values())
        expect(new Set((await call(as, 'GET', path)).body.items.map(departmentOf))).toEqual(
          new Set([first.department]),
        );
    },
  );

  it.each([
    ['/runs', 'departmentId', 'department'],
    ['/runs', 'conversationId', 'conversation'],
    ['/conversations', 'channelId', 'channel'],
    ['/conversations', 'departmentId', 'department'],
    ['/integrations', 'departmentId', 'department'],
  ] as const)('in %s?%s of another department is nothing', async (path, filter, thing) => {
    for (const as of limited.values())
      expect((await call(as, 'GET', `${path}?${filter}=${second[thing]}`)).body).toEqual({
        items: [],
        nextCursor: null,
      });
  });

  it('in the figures is of their departments alone', async () => {
    const conversations = async (as: Session) => (await call(as, 'GET', '/analytics/overview')).body.conversations;
    // As a worker does that takes their messages.
    await server.db.engine.query('update platform.conversations set last_message_at = now()');
    expect(await conversations(owner)).toBe(2);
    for (const as of limited.values()) expect(await conversations(as)).toBe(1);
  });

  it('stays with the department when the same customer writes to another', async () => {
    for (const [who, as] of limited) {
      const { body } = await call(as, 'GET', '/conversations');
      expect([who, body.items.map(({ id }: { id: string }) => id)]).toEqual([who, [first.conversation]]);
    }
  });

  it('is nothing once their department is dismissed', async () => {
    const short = await makeWork(server, owner, 'Feira');
    const ana = await join(server, owner, 'member');
    await limit(ana, [short.department]);
    expect((await call(ana, 'GET', '/departments')).body.items).toHaveLength(1);
    expect((await call(owner, 'DELETE', `/departments/${short.department}`)).status).toBe(204);
    expect((await call(ana, 'GET', '/departments')).body.items).toEqual([]);
    expect((await call(ana, 'GET', '/departments/' + second.department)).status).toBe(404);
  });
});

describe('what a limited caller may', () => {
  it('is nothing that concerns the whole organization, whatever the scopes of the key', async () => {
    const key = limited.get('key') as Session;
    const whole = apiRoutes(server).filter(
      ({ access }) => access && 'permission' in access && !withinDepartments(access.permission),
    );
    expect(whole.length).toBeGreaterThan(10);
    for (const route of whole) {
      const answer = await server.call(route.method as 'GET', pathOf(route, uuidv7()), {
        as: key,
        body: route.method === 'GET' ? undefined : {},
        headers: elsewhere(),
      });
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 403]);
    }
  });

  it('is no department more', async () => {
    const made = await call(limited.get('key') as Session, 'POST', '/departments', { name: 'Minha' });
    expect(made).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });

  it('is their own department, as far as their role goes', async () => {
    const ana = limited.get('member') as Session;
    expect((await call(ana, 'POST', `/departments/${first.department}/runs`, { input: { text: 'oi' } })).status).toBe(
      202,
    );
    const answer = { text: 'Já te respondo' };
    expect((await call(ana, 'POST', `/conversations/${first.conversation}/messages`, answer)).status).toBe(201);
    const key = limited.get('key') as Session;
    expect((await call(key, 'POST', `/departments/${first.department}/publish`, {})).status).toBe(201);
    expect(
      (await call(limited.get('viewer') as Session, 'POST', `/departments/${first.department}/publish`, {})).status,
    ).toBe(403);
  });
});

describe('a limit', () => {
  it('comes with an invitation', async () => {
    const email = `${uuidv7()}@example.com`;
    const departments = [second.department];
    const invited = await call(owner, 'POST', `${here}/invitations`, { email, role: 'member', departments });
    expect(invited).toMatchObject({ status: 201, body: { departments } });
    const again = await call(owner, 'POST', `${here}/invitations/${invited.body.id}/resend`, {});
    expect(again.body.departments).toEqual(departments);
    const token = await mailed(server, email, 'invitation');
    const { body } = await server.call('POST', '/auth/invitations/join', { body: { token, name: 'Bia', password } });
    const seen = (await call(body, 'GET', '/departments')).body.items;
    expect(seen.map(({ id }: { id: string }) => id)).toEqual(departments);
  });

  it('is to departments of the organization, and of one at least', async () => {
    const stranger = await server.register('Outra');
    const foreign = (await call(stranger, 'POST', '/departments', { name: 'Deles' })).body.id as string;
    const ana = await join(server, owner, 'member');
    for (const departments of [[foreign], [uuidv7()], [first.department, foreign], [], ['x'], 'all'])
      for (const [method, path, body] of [
        ['PATCH', `${here}/members/${ana.user.id}`, {}],
        ['POST', `${here}/invitations`, { email: 'x@example.com', role: 'member' }],
        ['POST', '/api-keys', { name: 'x', permissions: ['runs:read'] }],
      ] as const)
        expect(await call(owner, method, path, { ...body, departments })).toMatchObject({
          status: 400,
          body: { error: { code: 'bad_input' } },
        });
  });

  it('is never an admin’s, and ends when somebody becomes one', async () => {
    const ana = await join(server, owner, 'admin');
    expect((await limit(ana, [first.department])).status).toBe(400);
    const bia = await join(server, owner, 'member');
    await limit(bia, [first.department]);
    expect((await call(owner, 'PATCH', `${here}/members/${bia.user.id}`, { role: 'admin' })).status).toBe(204);
    expect((await call(bia, 'GET', '/departments')).body.items.length).toBeGreaterThan(1);
    const admin = { email: 'y@example.com', role: 'admin', departments: [first.department] };
    expect((await call(owner, 'POST', `${here}/invitations`, admin)).status).toBe(400);
  });

  it('of a key is at most its maker’s', async () => {
    const ana = await join(server, owner, 'admin');
    const [all, one] = [await keyOf(ana, null, ['departments:read']), await keyOf(ana, [first.department])];
    const seen = async ({ as }: { as: Session }) =>
      (await call(as, 'GET', '/departments')).body.items.map(({ id }: { id: string }) => id);
    expect((await seen(all)).length).toBeGreaterThan(1);
    expect(await seen(one)).toEqual([first.department]);
    const fell = { role: 'member', departments: [second.department] };
    expect((await call(owner, 'PATCH', `${here}/members/${ana.user.id}`, fell)).status).toBe(204);
    expect(await seen(all)).toEqual([second.department]);
    expect(await seen(one)).toEqual([]);
  });
});

describe('live events', () => {
  const opened: WebSocket[] = [];
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.terminate();
  });
  async function open(as: Session) {
    const { port } = server.app.server.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}${prefix}/realtime`, {
      headers: { authorization: `Bearer ${as.accessToken}` },
    });
    opened.push(socket);
    const received: LiveEvent[] = [];
    socket.on('message', (data) => received.push(JSON.parse(String(data))));
    await expect.poll(() => received.length).toBe(1);
    received.pop();
    return { socket, received };
  }
  /** One of each kind that tells something of a department. */
  const eventsOf = ({ department, conversation, run }: Work): LiveEvent[] => {
    const message = { id: uuidv7(), conversationId: conversation, text: 'segredo' };
    return [
      { type: 'token', runId: run, conversationId: conversation, path: 'a', delta: 'segredo' },
      { type: 'message', message: message as never },
      {
        type: 'conversation',
        conversation: { id: conversation, status: 'open', handler: 'team', handoffReason: null },
      },
      { type: 'run', run: { id: run, departmentId: department, conversationId: null, status: 'running' } },
      {
        type: 'step',
        runId: run,
        departmentId: department,
        conversationId: null,
        step: { output: 'segredo' } as never,
      },
      { type: 'department', department: { id: department, status: 'active' } },
    ];
  };

  it('reach a limited caller of their departments alone, tokens included, in order', async () => {
    const sockets = await Promise.all([...limited.values()].map(open));
    const all = await open(owner);
    const [theirs, mine] = [eventsOf(second), eventsOf(first)];
    const told = mine.flatMap((event, at) => [theirs[at] as LiveEvent, event]);
    for (const event of told) server.bus.publish(owner.organization.id, event);
    await expect.poll(() => all.received).toEqual(told);
    for (const { received } of sockets) await expect.poll(() => received).toEqual(mine);
  });

  it('end when the limit changes, for a person and for a key', async () => {
    const ana = await join(server, owner, 'admin');
    const key = await keyOf(ana, null);
    const [person, program] = [await open(ana), await open(key.as)];
    const ended = Promise.all([once(person.socket, 'close'), once(program.socket, 'close')]);
    await call(owner, 'PATCH', `${here}/members/${ana.user.id}`, { role: 'viewer', departments: [first.department] });
    for (const [code] of await ended) expect(code).toBe(SESSION_OVER);
  });

  it('end when a key is revoked, and go on for the others', async () => {
    const [gone, stays] = [await keyOf(owner, null), await keyOf(owner, [first.department])];
    const [closing, open_] = [await open(gone.as), await open(stays.as)];
    const ended = once(closing.socket, 'close');
    expect((await call(owner, 'DELETE', `/api-keys/${gone.id}`)).status).toBe(204);
    expect((await ended)[0]).toBe(SESSION_OVER);
    server.bus.publish(owner.organization.id, {
      type: 'department',
      department: { id: first.department, status: 'x' },
    });
    await expect.poll(() => open_.received.length).toBe(1);
  });
});
