import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetWrites } from '#engine/worker/sweep/expired.js';
import type { Session } from '#server/api/auth/schemas.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join, password } from '#tests/support/people.js';

let server: TestApp;
let owner: Session;
beforeAll(async () => {
  server = await buildTestApp();
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
