import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { Contact } from './contact.js';
import { Organization } from './organization.js';

let database: TestDatabase;
const organizationId = uuidv7();

beforeAll(async () => {
  database = await testDatabase();
  await database.db.withIdentity((trx) =>
    Organization.query(trx).insert({ id: organizationId, name: 'Pão da Lúcia', slug: 'pao' }),
  );
});
afterAll(() => database?.close());

describe('models', () => {
  it('write and read camelCase over snake_case columns', async () => {
    const id = uuidv7();
    const found = await database.db.withOrganization(organizationId, async (trx) => {
      await Contact.query(trx).insert({
        id,
        organizationId,
        channelKind: 'simulator',
        externalId: '+55',
        attributes: { likes: ['pão'] },
      });
      return Contact.query(trx).findById(id).throwIfNotFound();
    });
    expect(found).toMatchObject({
      id,
      channelKind: 'simulator',
      externalId: '+55',
      attributes: { likes: ['pão'] },
      name: null,
    });
    expect(found.createdAt).toBeInstanceOf(Date);
  });

  it('keep a JSON text a text, and a JSON list a list', async () => {
    const [text, list] = await database.db.withOrganization(organizationId, async (trx) => {
      const base = { organizationId, channelKind: 'simulator' };
      await Contact.query(trx).insert({ ...base, id: uuidv7(), externalId: 'a', attributes: '12' as never });
      await Contact.query(trx).insert({ ...base, id: uuidv7(), externalId: 'b', attributes: [1, 'x'] as never });
      return Contact.query(trx).whereIn('externalId', ['a', 'b']).orderBy('externalId');
    });
    expect(text?.attributes).toBe('12');
    expect(list?.attributes).toEqual([1, 'x']);
  });

  it('leave out what PostgreSQL cannot store', async () => {
    const contact = await database.db.withOrganization(organizationId, (trx) =>
      Contact.query(trx)
        .insert({
          id: uuidv7(),
          organizationId,
          channelKind: 'simulator',
          externalId: 'nul',
          name: 'Jo\0ão',
          attributes: { 'k\0': ['v\0', '\ud800'] },
        })
        .returning('*'),
    );
    expect(contact).toMatchObject({ name: 'João', attributes: { k: ['v', '\ufffd'] } });
  });
});
