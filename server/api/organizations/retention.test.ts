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
  expect((await server.call('PATCH', path, { as, body: { payloadDays: 7 } })).body).toEqual({
    payloadDays: 7,
    runDays: 365,
  });
  expect(await kept()).toEqual({ payloadDays: 7, runDays: 365 });
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
