import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join, mailed, password } from '#tests/support/people.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp();
});
afterAll(() => server.close());

const here = '/organizations/current';
const call = (as: Session, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  server.call(method, path, { as, ...(body !== undefined && { body }) });
const works = async (as: Session): Promise<number> => (await call(as, 'GET', '/runs')).status;
const roleOf = async (as: Session): Promise<string> => (await call(as, 'GET', here)).body.role;

describe('an invitation', () => {
  it('brings a new person in, with the role and the address that it was for', async () => {
    const owner = await server.register('Padaria');
    const ana = await join(server, owner, 'viewer');
    expect(ana.organization.id).toBe(owner.organization.id);
    expect(await roleOf(ana)).toBe('viewer');
    expect((await call(ana, 'GET', '/account')).body.emailVerified).toBe(true);
    const { body } = await call(owner, 'GET', `${here}/members`);
    expect(body.items.map((member: { role: string }) => member.role).toSorted()).toEqual(['owner', 'viewer']);
  });

  it('says what it is to whoever holds its token, and is good once', async () => {
    const owner = await server.register('Padaria');
    const email = 'ze@example.com';
    await call(owner, 'POST', `${here}/invitations`, { email, role: 'member' });
    const token = await mailed(server, email, 'invitation');
    const look = await server.call('POST', '/auth/invitations/look', { body: { token } });
    expect(look.body).toEqual({ organizationName: 'Padaria', email, role: 'member', hasAccount: false });
    const accept = () => server.call('POST', '/auth/invitations/join', { body: { token, name: 'Zé', password } });
    expect((await accept()).status).toBe(201);
    expect(await accept()).toMatchObject({ status: 400, body: { error: { code: 'bad_token' } } });
  });

  it('takes whoever has an account along, and nobody else', async () => {
    const [owner, guest, stranger] = [
      await server.register('A'),
      await server.register('B'),
      await server.register('C'),
    ];
    await call(owner, 'POST', `${here}/invitations`, { email: guest.user.email.toUpperCase(), role: 'admin' });
    const token = await mailed(server, guest.user.email.toUpperCase(), 'invitation');
    const taken = await call(stranger, 'POST', '/auth/invitations/accept', { token });
    expect(taken).toMatchObject({ status: 409, body: { error: { code: 'other_account' } } });
    const joined = (await call(guest, 'POST', '/auth/invitations/accept', { token })).body as Session;
    expect(joined.organization.id).toBe(owner.organization.id);
    const back = await call(joined, 'POST', '/auth/switch', { organizationId: guest.organization.id });
    expect(await roleOf(back.body)).toBe('owner');
    expect((await call(stranger, 'POST', '/auth/switch', { organizationId: owner.organization.id })).status).toBe(404);
  });

  it('that was withdrawn, replaced or sent again leaves its older tokens void', async () => {
    const owner = await server.register('Padaria');
    const email = 'bia@example.com';
    const first = await call(owner, 'POST', `${here}/invitations`, { email, role: 'member' });
    const old = await mailed(server, email, 'invitation');
    const again = await call(owner, 'POST', `${here}/invitations/${first.body.id}/resend`, {});
    expect(again.status).toBe(200);
    const look = (token: string) => server.call('POST', '/auth/invitations/look', { body: { token } });
    expect((await look(old)).status).toBe(400);
    const fresh = await mailed(server, email, 'invitation');
    expect((await look(fresh)).status).toBe(200);
    expect((await call(owner, 'DELETE', `${here}/invitations/${again.body.id}`)).status).toBe(204);
    expect((await look(fresh)).status).toBe(400);
    expect((await call(owner, 'GET', `${here}/invitations`)).body.items).toEqual([]);
  });

  it('holds as long as whoever wrote it may invite, and is void when they are made less, taken out or gone', async () => {
    const owner = await server.register('Padaria');
    const ends: readonly [string, (admin: Session) => Promise<{ status: number }>][] = [
      ['made less', (admin) => call(owner, 'PATCH', `${here}/members/${admin.user.id}`, { role: 'member' })],
      ['taken out', (admin) => call(owner, 'DELETE', `${here}/members/${admin.user.id}`)],
      ['left', (admin) => call(admin, 'POST', `${here}/leave`, {})],
      ['account deleted', (admin) => call(admin, 'DELETE', '/account', { password })],
    ];
    for (const [how, end] of ends) {
      const admin = await join(server, owner, 'admin');
      const email = `${randomUUID()}@example.com`;
      await call(admin, 'POST', `${here}/invitations`, { email, role: 'admin' });
      const token = await mailed(server, email, 'invitation');
      const look = () => server.call('POST', '/auth/invitations/look', { body: { token } });
      expect([how, (await look()).status]).toEqual([how, 200]);
      expect([how, (await end(admin)).status]).toEqual([how, 204]);
      const taken = await server.call('POST', '/auth/invitations/join', { body: { token, name: 'Zé', password } });
      expect([how, taken.status, (await look()).status]).toEqual([how, 400, 400]);
    }
    expect((await call(owner, 'GET', `${here}/invitations`)).body.items).toEqual([]);
    const { body } = await call(owner, 'GET', '/audit?action=invitation.revoke');
    expect(body.items).toHaveLength(ends.length);
  });

  it('of somebody who was losing that at the same moment opens nothing; sent again, it is vouched for by who did', async () => {
    const owner = await server.register('Padaria');
    const admin = await join(server, owner, 'admin');
    const email = 'caio@example.com';
    const { body } = await call(admin, 'POST', `${here}/invitations`, { email, role: 'member' });
    const token = await mailed(server, email, 'invitation');
    // As if its transaction had ended after the one that made them less.
    await server.db.withIdentity((trx) =>
      trx.raw(`update platform.memberships set role = 'viewer' where user_id = ?`, [admin.user.id]),
    );
    const look = (of: string) => server.call('POST', '/auth/invitations/look', { body: { token: of } });
    expect((await look(token)).status).toBe(400);
    expect((await call(owner, 'POST', `${here}/invitations/${body.id}/resend`, {})).status).toBe(200);
    expect((await look(await mailed(server, email, 'invitation'))).status).toBe(200);
  });

  it('is one line wherever a name of somebody stands in it', async () => {
    const owner = await server.register('Padaria');
    const name = 'Ana\r\nBcc: all@example.com\u2028\u0007\tfim';
    expect((await call(owner, 'PATCH', '/account', { name })).body.name).toBe('Ana Bcc: all@example.com fim');
    const renamed = await call(owner, 'PATCH', here, { name: ' Pão\n\nda Lúcia\n' });
    expect(renamed.body.name).toBe('Pão da Lúcia');
    expect((await call(owner, 'PATCH', here, { name: '\n\r\t' })).status).toBe(400);
  });

  it('is mailed ten times a day to one address at most, whichever organization asks and however', async () => {
    const owners = [await server.register('A'), await server.register('B')];
    const email = 'dora@example.com';
    const write = (owner: Session) => call(owner, 'POST', `${here}/invitations`, { email, role: 'viewer' });
    const ids: string[] = [];
    for (let sent = 0; sent < 9; sent++) ids.push((await write(owners[sent % 2] as Session)).body.id);
    const again = (id: string | undefined) =>
      call(owners[0] as Session, 'POST', `${here}/invitations/${id}/resend`, {});
    const tenth = await again(ids.at(-1));
    expect(tenth.status).toBe(200);
    const over = [await write(owners[1] as Session), await again(tenth.body.id)];
    for (const answer of over) {
      expect(answer).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3_600);
    }
    // What was refused has changed nothing: the last invitation is still good, and others are invited as ever.
    const token = await mailed(server, email, 'invitation');
    expect((await server.call('POST', '/auth/invitations/look', { body: { token } })).status).toBe(200);
    const other = { email: 'eva@example.com', role: 'viewer' };
    expect((await call(owners[1] as Session, 'POST', `${here}/invitations`, other)).status).toBe(201);
  });

  it('is not made for whoever is here, nor for an owner', async () => {
    const owner = await server.register('Padaria');
    const twice = await call(owner, 'POST', `${here}/invitations`, { email: owner.user.email, role: 'member' });
    expect(twice).toMatchObject({ status: 409, body: { error: { code: 'already_member' } } });
    expect((await call(owner, 'POST', `${here}/invitations`, { email: 'x@example.com', role: 'owner' })).status).toBe(
      400,
    );
  });
});

describe('a member', () => {
  it('has another role at once, also with the token of before', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    expect((await call(ana, 'PATCH', here, { name: 'Padaria' })).status).toBe(200);
    const changed = await call(owner, 'PATCH', `${here}/members/${ana.user.id}`, { role: 'viewer' });
    expect(changed.status).toBe(204);
    expect(await call(ana, 'PATCH', here, { name: 'Minha' })).toMatchObject({ status: 403 });
    expect(await works(ana)).toBe(200);
  });

  it('who was taken out is out at once, and their API keys with them', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    const { body: key } = await call(ana, 'POST', '/api-keys', { name: 'Caixa', permissions: ['runs:read'] });
    const program = { ...ana, accessToken: key.key };
    expect(await works(program)).toBe(200);
    expect((await call(owner, 'DELETE', `${here}/members/${ana.user.id}`)).status).toBe(204);
    expect([await works(ana), await works(program)]).toEqual([401, 401]);
    expect((await server.call('POST', '/auth/refresh', { body: { refreshToken: ana.refreshToken } })).status).toBe(401);
  });

  it('who is an owner is touched by nobody, and cannot leave alone', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    for (const [method, body] of [
      ['PATCH', { role: 'viewer' }],
      ['DELETE', undefined],
    ] as const) {
      expect((await call(ana, method, `${here}/members/${owner.user.id}`, body)).status).toBe(403);
    }
    const left = await call(owner, 'POST', `${here}/leave`, {});
    expect(left).toMatchObject({ status: 409, body: { error: { code: 'last_owner' } } });
    expect((await call(ana, 'POST', `${here}/leave`, {})).status).toBe(204);
    expect(await works(ana)).toBe(401);
  });

  it('becomes the owner by a transfer with the password, and who did it an admin', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'member');
    const hand = (secret: string) => call(owner, 'POST', `${here}/transfer`, { userId: ana.user.id, password: secret });
    expect((await hand('errada')).status).toBe(403);
    expect((await hand(password)).status).toBe(204);
    expect([await roleOf(owner), await roleOf(ana)]).toEqual(['admin', 'owner']);
    expect((await hand(password)).status).toBe(403);
  });
});

describe('an API key', () => {
  const make = (as: Session, permissions: string[], more: object = {}) =>
    call(as, 'POST', '/api-keys', { name: 'Caixa', permissions, ...more });
  const as = (session: Session, key: string): Session => ({ ...session, accessToken: key });

  it('may what its scopes say and its maker may, and no more', async () => {
    const owner = await server.register();
    const { status, body } = await make(owner, ['runs:read']);
    expect([status, body.key]).toEqual([201, expect.stringMatching(/^aid_[\w-]{43}$/)]);
    const program = as(owner, body.key);
    expect(await works(program)).toBe(200);
    expect((await call(program, 'GET', '/departments')).status).toBe(403);
    expect(await call(program, 'GET', '/account')).toMatchObject({
      status: 403,
      body: { error: { code: 'person_required' } },
    });
    const more = await make(as(owner, (await make(owner, ['apiKeys:write', 'runs:read'])).body.key), [
      'departments:write',
    ]);
    expect(more.status).toBe(403);
  });

  it('is shown once, kept as a hash, listed with its last use, and gone when revoked', async () => {
    const owner = await server.register();
    const { body } = await make(owner, ['runs:read']);
    await works(as(owner, body.key));
    const list = await call(owner, 'GET', '/api-keys');
    expect(JSON.stringify(list.body)).not.toContain(body.key);
    expect(list.body.items[0]).toMatchObject({ id: body.id, prefix: body.key.slice(0, 10), createdBy: owner.user.id });
    expect(list.body.items[0].lastUsedAt).not.toBeNull();
    expect((await call(owner, 'DELETE', `/api-keys/${body.id}`)).status).toBe(204);
    expect(await works(as(owner, body.key))).toBe(401);
  });

  it('is over when its time is', async () => {
    const owner = await server.register();
    expect((await make(owner, ['runs:read'], { expiresAt: '2020-01-01T00:00:00.000Z' })).status).toBe(400);
    // A busy machine may come to use it only when it is over: the next one lives longer.
    const brief = async (ms: number): Promise<string> => {
      expect(ms).toBeLessThan(60_000);
      const expiresAt = new Date(Date.now() + ms).toISOString();
      const { key } = (await make(owner, ['runs:read'], { expiresAt })).body;
      return (await works(as(owner, key))) === 200 ? key : brief(2 * ms);
    };
    const key = await brief(2_000);
    await expect.poll(() => works(as(owner, key)), { timeout: 60_000 }).toBe(401);
  });

  it('makes keys that live no longer than itself and go with it', async () => {
    const owner = await server.register('Padaria');
    const scopes = ['apiKeys:write', 'runs:read'];
    const make = async (key: string, body: object) =>
      server.call('POST', '/api-keys', {
        headers: { authorization: `Bearer ${key}` },
        body: { name: 'Chave', permissions: scopes, ...body },
      });
    const end = new Date(Date.now() + 3_600_000).toISOString();
    const first = (await call(owner, 'POST', '/api-keys', { name: 'Mãe', permissions: scopes, expiresAt: end })).body;
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await make(first.key, { expiresAt: later })).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_input' } },
    });
    const second = await make(first.key, {});
    expect(second).toMatchObject({ status: 201, body: { expiresAt: end } });
    const third = (await make(second.body.key, { expiresAt: end })).body;
    const other = (await call(owner, 'POST', '/api-keys', { name: 'Outra', permissions: scopes })).body;
    expect((await make(other.key, {})).body.expiresAt).toBeNull();
    const works = async (key: string) =>
      (await server.call('GET', '/runs', { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await works(third.key)).toBe(200);
    expect((await call(owner, 'DELETE', `/api-keys/${first.id}`)).status).toBe(204);
    expect(await Promise.all([first, second.body, third, other].map(({ key }) => works(key)))).toEqual([
      401, 401, 401, 200,
    ]);
  });

  it('shrinks with the role of its maker', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    const { body } = await make(ana, ['knowledge:write', 'knowledge:read']);
    await call(owner, 'PATCH', `${here}/members/${ana.user.id}`, { role: 'viewer' });
    await expect
      .poll(
        async () => (await call(as(ana, body.key), 'POST', '/knowledge/sources', { title: 'A', text: 'B' })).status,
        {
          timeout: 60_000,
        },
      )
      .toBe(403);
  }, 60_000);
});

describe('organizations', () => {
  it('are several for one person, each with its own', async () => {
    const owner = await server.register('Padaria');
    const made = await call(owner, 'POST', '/organizations', { name: 'Confeitaria' });
    expect(made).toMatchObject({ status: 201, body: { name: 'Confeitaria', role: 'owner', current: false } });
    const there = (await call(owner, 'POST', '/auth/switch', { organizationId: made.body.id })).body as Session;
    await call(there, 'POST', '/departments', { name: 'Doces' });
    expect((await call(there, 'GET', '/departments')).body.items).toHaveLength(1);
    expect((await call(owner, 'GET', '/departments')).body.items).toHaveLength(0);
    const { body } = await call(there, 'GET', '/organizations');
    expect(body.items.map(({ name, current }: { name: string; current: boolean }) => [name, current])).toEqual([
      ['Padaria', false],
      ['Confeitaria', true],
    ]);
  });

  it('are deleted by their owner with the password, and everybody in them is out', async () => {
    const owner = await server.register();
    const ana = await join(server, owner, 'admin');
    const remove = (as: Session, secret: string) => call(as, 'DELETE', here, { password: secret });
    expect((await remove(ana, password)).status).toBe(403);
    expect((await remove(owner, 'errada')).status).toBe(403);
    expect((await remove(owner, password)).status).toBe(204);
    expect([await works(owner), await works(ana)]).toEqual([401, 401]);
  });
});
