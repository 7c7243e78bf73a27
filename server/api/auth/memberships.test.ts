import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Database } from '#db/connect.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { lineTo, type Line } from '#tests/support/outage.js';
import { freshRedis } from '#tests/support/platform.js';
import { createAccount } from './accounts.js';
import { createMemberships, type Caller, type Memberships } from './memberships.js';
import { createRedisMemberships } from './redisMemberships.js';
import { endSessions, insertSession } from './sessions.js';

/** Short, so that the longest that an old answer may live can be waited for. */
const BELIEVED_MS = 400;

/** One process of several: what it keeps, and how to cut it off from what is shared. */
interface Process {
  readonly memberships: Memberships;
  readonly line: Line | null;
  stop(): Promise<void>;
}

interface Store {
  readonly name: string;
  start(db: Database): Promise<Process>;
  /** Everything that is kept beside PostgreSQL is lost. */
  forgetEverything(): Promise<void>;
}

const alone: Store = {
  name: 'PostgreSQL alone',
  start: async (db) => ({
    memberships: createMemberships(db, undefined, BELIEVED_MS),
    line: null,
    stop: async () => {},
  }),
  forgetEverything: async () => {},
};

let redisUrl = '';
const withRedis: Store = {
  name: 'PostgreSQL behind Redis',
  async start(db) {
    const line = await lineTo(redisUrl);
    const redis = new Redis(line.url, { maxRetriesPerRequest: 1, commandTimeout: 1_000 });
    redis.on('error', () => {});
    const shared = createRedisMemberships(redis, line.url, () => {}, BELIEVED_MS);
    return {
      memberships: createMemberships(db, shared, BELIEVED_MS),
      line,
      async stop() {
        redis.disconnect();
        shared.close();
        await line.close();
      },
    };
  },
  async forgetEverything() {
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    redis.disconnect();
  },
};

const services = process.env['TEST_SERVICES'] === '1';

describe.each(services ? [alone, withRedis] : [alone])('sessions in $name', (store) => {
  let database: TestDatabase;
  let second: Database;
  let here: Process;
  let there: Process;
  let caller: Caller;
  beforeAll(async () => {
    if (store === withRedis) redisUrl = await freshRedis();
    database = await testDatabase();
    second = connect(database.url);
  });
  afterAll(async () => {
    await second?.close();
    await database?.close();
  });
  beforeEach(async () => {
    [here, there] = [await store.start(database.db), await store.start(second)];
    caller = await database.db.withIdentity(async (trx) => {
      const { user_id: userId, organization_id: organizationId } = await createAccount(trx, {
        email: `${crypto.randomUUID()}@example.com`,
        name: 'Lúcia',
        passwordHash: 'none',
        organization: { name: 'Padaria', locale: 'pt-BR', timezone: 'America/Recife', profile: '' },
      });
      const origin = { userAgent: 'Telefone', address: '203.0.113.7' };
      return { sessionId: await insertSession(trx, { userId, organizationId, origin }), userId, organizationId };
    });
  });
  afterEach(() => Promise.all([here.stop(), there.stop()]));

  const bothKnow = async (): Promise<void> => {
    expect(await here.memberships.memberOf(caller)).toEqual({ role: 'owner', departments: null, name: 'Lúcia' });
    expect(await there.memberships.memberOf(caller)).toEqual({ role: 'owner', departments: null, name: 'Lúcia' });
  };
  const end = () => database.db.withIdentity((trx) => endSessions(trx, { userId: caller.userId }, 'revoked'));
  /** Far longer than it takes, on a busy machine too, and far shorter than what is believed by default. */
  const soon = { timeout: 10_000, interval: 20 };

  it('are known in every process', async () => {
    await expect(bothKnow()).resolves.toBeUndefined();
  });

  it('are of their own person and organization only', async () => {
    const other = crypto.randomUUID();
    await bothKnow();
    expect(await here.memberships.memberOf({ ...caller, sessionId: other })).toBeNull();
    expect(await here.memberships.memberOf({ ...caller, userId: other })).toBeNull();
    expect(await there.memberships.memberOf({ ...caller, organizationId: other })).toBeNull();
  });

  it('end at once where they are ended, and soon everywhere', async () => {
    await bothKnow();
    here.memberships.forget(await end());
    expect(await here.memberships.memberOf(caller)).toBeNull();
    await expect.poll(() => there.memberships.memberOf(caller), soon).toBeNull();
    expect(await here.memberships.memberOf(caller)).toBeNull();
  });

  it('end soon everywhere when nobody could be told', async () => {
    await bothKnow();
    here.line?.cut();
    here.memberships.forget(await end());
    await expect.poll(() => there.memberships.memberOf(caller), soon).toBeNull();
  });

  it('take a new role at once where it is given, and soon everywhere', async () => {
    await bothKnow();
    await database.db.withIdentity((trx) =>
      trx.raw(`update platform.memberships set role = 'viewer' where user_id = ?`, [caller.userId]),
    );
    here.memberships.forget([caller.sessionId]);
    expect((await here.memberships.memberOf(caller))?.role).toBe('viewer');
    await expect.poll(async () => (await there.memberships.memberOf(caller))?.role, soon).toBe('viewer');
  });

  it('do not live longer for being asked about, in two organizations in turn', async () => {
    const elsewhere = await database.db.withIdentity(async (trx) => {
      const other = await createAccount(trx, {
        email: `${crypto.randomUUID()}@example.com`,
        name: 'Outra',
        passwordHash: 'none',
        organization: { name: 'Outra', locale: 'pt-BR', timezone: 'America/Recife', profile: '' },
      });
      await trx.raw(`insert into platform.memberships (organization_id, user_id, role) values (?, ?, 'member')`, [
        other.organization_id,
        caller.userId,
      ]);
      return { ...caller, organizationId: other.organization_id };
    });
    await bothKnow();
    // Written down by somebody who tells nobody, as a process that dies right after.
    await end();
    await expect
      .poll(async () => [await here.memberships.memberOf(elsewhere), await there.memberships.memberOf(caller)], soon)
      .toEqual([null, null]);
  });

  it('tell whoever follows them that something has changed', async () => {
    const told: string[] = [];
    const stop = here.memberships.onChange(caller.sessionId, () => told.push('here'));
    const stopped = here.memberships.onChange(caller.sessionId, () => told.push('stopped'));
    stopped();
    here.memberships.forget([crypto.randomUUID()]);
    here.memberships.forget([caller.sessionId]);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(['here']));
    stop();
  });

  it('neither come back nor get lost when all that is kept beside the database is lost', async () => {
    await bothKnow();
    await store.forgetEverything();
    await bothKnow();
    here.memberships.forget(await end());
    await store.forgetEverything();
    const fresh = await store.start(second);
    expect(await fresh.memberships.memberOf(caller)).toBeNull();
    await fresh.stop();
  });

  it('are known while what is shared is away', async () => {
    here.line?.cut();
    expect(await here.memberships.memberOf(caller)).toEqual({ role: 'owner', departments: null, name: 'Lúcia' });
  });

  it('asked about while they end are not remembered as alive', async () => {
    const asked = Array.from({ length: 20 }, () => [
      here.memberships.memberOf(caller),
      there.memberships.memberOf(caller),
    ]).flat();
    const ended = await end();
    here.memberships.forget(ended);
    await Promise.all(asked);
    expect(await here.memberships.memberOf(caller)).toBeNull();
    await expect.poll(() => there.memberships.memberOf(caller), soon).toBeNull();
  });

  it.runIf(store === withRedis)('tell other processes at once', async () => {
    await bothKnow();
    let told = false;
    there.memberships.onChange(caller.sessionId, () => (told = true));
    const ended = await end();
    // Again until it listens: it is only just connected.
    await expect
      .poll(() => {
        here.memberships.forget(ended);
        return told;
      })
      .toBe(true);
    expect(await there.memberships.memberOf(caller)).toBeNull();
  });
});
