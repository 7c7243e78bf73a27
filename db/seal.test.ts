import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { queryOf } from './query.js';
import { CannotOpen, openKeyring } from './seal.js';

let database: TestDatabase;
const [mine, theirs] = [uuidv7(), uuidv7()];
const masterKey = randomBytes(32);
const keyring = openKeyring(masterKey);

beforeAll(async () => {
  database = await testDatabase();
  await database.db.withIdentity(async (trx) => {
    for (const id of [mine, theirs])
      await trx.raw('insert into platform.organizations (id, name, slug) values (?, ?, ?)', [id, 'Pão', id]);
  });
});
afterAll(() => database?.close());

const seal = (organization: string, text: string, keys = keyring): Promise<Buffer> =>
  database.db.withOrganization(organization, (trx) => keys.seal(queryOf(trx), organization, text));
const open = (organization: string, sealed: Uint8Array, keys = keyring): Promise<string> =>
  database.db.withOrganization(organization, (trx) => keys.open(queryOf(trx), organization, sealed));

describe('a sealed secret', () => {
  it('opens for its organization, now and in a process that starts later', async () => {
    const sealed = await seal(mine, 'EAAG çã');
    expect(sealed.includes('EAAG')).toBe(false);
    expect(await open(mine, sealed)).toBe('EAAG çã');
    expect(await open(mine, sealed, openKeyring(masterKey))).toBe('EAAG çã');
  });

  it('opens for the engine too', async () => {
    const sealed = await seal(mine, 'token');
    expect(
      await openKeyring(masterKey).open((text, values) => database.db.engine.query(text, values), mine, sealed),
    ).toBe('token');
  });

  it('is different every time', async () => {
    expect((await seal(mine, 'same')).equals(await seal(mine, 'same'))).toBe(false);
  });

  it('does not open for another organization, altered, or with another master key', async () => {
    const sealed = await seal(mine, 'secret');
    await seal(theirs, 'has a key');
    await expect(open(theirs, sealed)).rejects.toBeInstanceOf(CannotOpen);
    for (const at of [0, 5, 14, sealed.length - 1]) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await expect(open(mine, altered)).rejects.toBeInstanceOf(CannotOpen);
    }
    await expect(open(mine, sealed.subarray(0, 10))).rejects.toBeInstanceOf(CannotOpen);
    await expect(open(mine, sealed, openKeyring(randomBytes(32)))).rejects.toBeInstanceOf(CannotOpen);
  });

  it('keeps to one key when many seal at once for the first time, and when the first is rolled back', async () => {
    const organization = uuidv7();
    await database.db.withIdentity((trx) =>
      trx.raw('insert into platform.organizations (id, name, slug) values (?, ?, ?)', [
        organization,
        'Novo',
        organization,
      ]),
    );
    const lost = database.db.withOrganization(organization, async (trx) => {
      await keyring.seal(queryOf(trx), organization, 'lost');
      throw new Error('rolled back');
    });
    await expect(lost).rejects.toThrow('rolled back');
    const sealed = await Promise.all(['a', 'b', 'c'].map((text) => seal(organization, text, openKeyring(masterKey))));
    expect(await Promise.all(sealed.map((each) => open(organization, each)))).toEqual(['a', 'b', 'c']);
  });
});

describe('the master key', () => {
  it('seals what belongs to the platform', () => {
    const sealed = keyring.sealWithMaster(Buffer.from('private'));
    expect(keyring.openWithMaster(sealed).toString()).toBe('private');
    expect(() => openKeyring(randomBytes(32)).openWithMaster(sealed)).toThrow(CannotOpen);
  });

  it('has 32 bytes', () => {
    expect(() => openKeyring(randomBytes(16))).toThrow('MASTER_KEY must be 32 bytes');
  });
});
