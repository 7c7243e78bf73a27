import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from '#db/seal.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { createAccessTokens } from './accessTokens.js';
import { openSigningKeys } from './signingKeys.js';

const keyring = openKeyring(randomBytes(32));
const claims = {
  userId: crypto.randomUUID(),
  organizationId: crypto.randomUUID(),
  sessionId: crypto.randomUUID(),
  role: 'owner',
} as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.withIdentity((trx) => trx.raw('update platform.signing_keys set retired_at = now()')));

/** A server's keys and the tokens it issues and takes. */
async function open() {
  const keys = await openSigningKeys(database.db, keyring);
  const tokens = createAccessTokens(keys);
  return {
    keys,
    issue: () => tokens.issue(claims),
    accepts: (token: string) => tokens.verify(token).then(isTrue, isFalse),
  };
}
const isTrue = () => true;
const isFalse = () => false;
const age = (id: string, interval: string) =>
  database.db.withIdentity((trx) =>
    trx.raw('update platform.signing_keys set created_at = created_at - ?::interval where id = ?', [interval, id]),
  );
const publishedBy = async ({ keys }: Awaited<ReturnType<typeof open>>) =>
  (await keys.published()).map(({ kid }) => kid);

describe('signing keys', () => {
  it('are made once, however many servers start together', async () => {
    const servers = await Promise.all([open(), open(), open(), open()]);
    expect(new Set(servers.map(({ keys }) => keys.current().id)).size).toBe(1);
  });

  it('are kept sealed, and published without their private half', async () => {
    const { keys } = await open();
    const { rows } = await database.db.withIdentity((trx) =>
      trx.raw<{ rows: { stored: string }[] }>('select t::text as stored from platform.signing_keys t'),
    );
    expect(rows.map(({ stored }) => stored).join()).not.toContain('"d"');
    for (const key of await keys.published()) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    }
  });

  it('stay as they are until they are 30 days old', async () => {
    const { keys } = await open();
    const first = keys.current().id;
    await age(first, '29 days 23 hours');
    await keys.rotate();
    expect(keys.current().id).toBe(first);
    await age(first, '1 hour');
    await keys.rotate();
    expect(keys.current().id).not.toBe(first);
  });

  it('of before are good for an hour after the next one was made, and then no more', async () => {
    const server = await open();
    const first = server.keys.current().id;
    const token = await server.issue();
    await server.keys.rotate({ force: true });
    const second = server.keys.current().id;
    expect(await publishedBy(server)).toEqual([second, first]);
    expect([await server.accepts(token), await server.accepts(await server.issue())]).toEqual([true, true]);

    await age(second, '61 minutes');
    await server.keys.rotate();
    expect(await publishedBy(server)).toEqual([second]);
    expect(await server.accepts(token)).toBe(false);
  });

  it('of before end at once when somebody may have them, also for tokens that were seen before', async () => {
    const [here, there] = [await open(), await open()];
    const token = await here.issue();
    expect([await here.accepts(token), await there.accepts(token)]).toEqual([true, true]);
    await here.keys.rotate({ force: true, retire: true });
    expect(await here.accepts(token)).toBe(false);
    // What every server does each minute.
    await there.keys.rotate();
    expect(await there.accepts(token)).toBe(false);
    expect(there.keys.current().id).toBe(here.keys.current().id);
  });

  it('that another server has just made are known at once', async () => {
    const [here, there] = [await open(), await open()];
    await here.keys.rotate({ force: true });
    expect(await there.accepts(await here.issue())).toBe(true);
  });
});
