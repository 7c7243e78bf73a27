import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
beforeAll(async () => {
  server = await buildTestApp();
  as = await server.register();
});
afterAll(() => server.close());

const path = '/organizations/current/retention';
const kept = async (session = as) => (await server.call('GET', path, { as: session })).body;

it('is kept for each organization by itself, and each limit changed alone', async () => {
  const other = await server.register();
  const before = await kept(other);
  await server.call('PATCH', path, { as, body: { payloadDays: 30, runDays: 365 } });
  expect((await server.call('PATCH', path, { as, body: { payloadDays: 7 } })).body).toMatchObject({
    payloadDays: 7,
    runDays: 365,
  });
  expect(await kept()).toMatchObject({ payloadDays: 7, runDays: 365 });
  expect(await kept(other)).toEqual(before);
});

it('lets no run go before what it worked on, and says so in the language of the reader', async () => {
  const before = await kept();
  for (const [locale, words] of [
    ['pt-BR', /fica pelo menos o tempo/],
    ['en', /kept as long as its payload/],
  ] as const) {
    const body = { payloadDays: 90, runDays: 30 };
    const refused = await server.call('PATCH', path, { as, body, headers: { 'accept-language': locale } });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
    expect(refused.body.error.details).toEqual([{ path: 'runDays', message: expect.stringMatching(words) }]);
  }
  expect(await kept()).toEqual(before);
});

it('says how much there is, and since when', async () => {
  const own = await server.register();
  const other = await server.register();
  expect((await kept(own)).kept).toEqual({ payloads: 0, runs: 0, oldestPayload: null, oldestRun: null });
  const ends: Record<string, string> = {};
  for (const [session, names] of [
    [own, ['emptied', 'first', 'last', 'under way']],
    [other, ['theirs']],
  ] as const) {
    const { body } = await server.call('POST', '/departments', {
      as: session,
      body: { name: 'Balcão', template: 'customer-service' },
    });
    await server.call('POST', `/departments/${body.id}/publish`, { as: session });
    for (const [index, name] of names.entries()) {
      const started = await server.call('POST', `/departments/${body.id}/runs`, {
        as: session,
        body: { input: { text: 'oi' } },
      });
      if (name === 'under way') continue;
      const ended = new Date(Date.now() - (100 - index) * 86_400_000);
      ends[name] = ended.toISOString();
      await server.db.engine.query(
        `update platform.runs set status = 'succeeded', finished_at = $2, pruned_at = case when $3 then now() end where id = $1`,
        [started.body.run.id, ended, name === 'emptied'],
      );
    }
  }
  expect((await kept(own)).kept).toEqual({
    payloads: 2,
    runs: 3,
    oldestPayload: ends['first'],
    oldestRun: ends['emptied'],
  });
});
