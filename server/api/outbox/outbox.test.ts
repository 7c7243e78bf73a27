import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadOperatorKey } from '#server/operatorKey.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';

const operatorKey = 'operator key';
let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp({ operatorKey });
});
afterAll(() => server.close());

const get = (path: string, key?: string) =>
  server.call('GET', path, { headers: { ...(key !== undefined && { 'x-operator-key': key }) } });

describe('the outbox', () => {
  it('shows what was written to whoever runs the platform', async () => {
    const session = await server.register();
    const { status, body } = await get('/outbox', operatorKey);
    expect(status).toBe(200);
    const [newest] = body.items;
    expect(newest).toMatchObject({ to: session.user.email, template: 'verify_email', locale: 'pt-BR' });
    expect(JSON.stringify(body)).not.toContain('#token=');
    const mail = await get(`/outbox/${newest.id}`, operatorKey);
    expect(mail.body.text).toMatch(/http:\/\/departments\.test\/verify#token=[\w-]{43}/);
    expect(mail.body.html).toContain('<p');
  });

  it('comes in pages', async () => {
    for (let i = 0; i < 3; i++) await server.register();
    const first = await get('/outbox?limit=2', operatorKey);
    const second = await get(`/outbox?limit=2&cursor=${first.body.nextCursor}`, operatorKey);
    const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });

  it('shows nothing to anybody else, whatever they ask', async () => {
    const session = await server.register();
    const { body } = await get('/outbox', operatorKey);
    const paths = [
      '/outbox',
      `/outbox/${body.items[0].id}`,
      `/outbox/${randomUUID()}`,
      '/outbox?limit=-1',
      '/outbox/x',
    ];
    for (const path of paths) {
      for (const key of [undefined, '', 'x', `${operatorKey} `.repeat(2), operatorKey.toUpperCase()])
        expect(await get(path, key)).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
      expect((await server.call('GET', path, { as: session })).status).toBe(401);
    }
    expect((await get(`/outbox/${randomUUID()}`, operatorKey)).status).toBe(404);
  });

  it('is not there while a mail service is connected', async () => {
    const hosted = await buildTestApp({ operatorKey: null });
    try {
      for (const key of [operatorKey, '', 'null']) {
        const answer = await hosted.call('GET', '/outbox', { headers: { 'x-operator-key': key } });
        expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      }
    } finally {
      await hosted.close();
    }
  });
});

describe('its key', () => {
  it('is made once, for its owner alone to read', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'operator-'));
    try {
      const [first, second] = await Promise.all([loadOperatorKey({ dataDir }), loadOperatorKey({ dataDir })]);
      expect(first).toMatch(/^[\w-]{43}$/);
      expect(second).toBe(first);
      expect(readFileSync(join(dataDir, 'operator.key'), 'utf8').trim()).toBe(first);
      expect(statSync(join(dataDir, 'operator.key')).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
