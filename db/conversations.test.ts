import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { upsertConversation, type ConversationOf } from './conversations.js';
import { Channel } from './models/channel.js';
import { Contact } from './models/contact.js';
import { Conversation } from './models/conversation.js';
import { Department } from './models/department.js';
import { Organization } from './models/organization.js';
import { queryOf, type Query } from './query.js';
import { openKeyring } from './seal.js';

let database: TestDatabase;
const [organizationId, channelId, departmentId, otherDepartmentId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];

beforeAll(async () => {
  database = await testDatabase();
  await database.db.withIdentity((trx) =>
    Organization.query(trx).insert({ id: organizationId, name: 'Pão', slug: 'pao' }),
  );
  await database.db.withOrganization(organizationId, async (trx) => {
    for (const id of [departmentId, otherDepartmentId])
      await Department.query(trx).insert({
        id,
        organizationId,
        name: 'Atendimento',
        type: 'customer-service',
        draft: { format: 1, nodes: [], edges: [], settings: {} } as never,
      });
    await Channel.query(trx).insert({
      id: channelId,
      organizationId,
      departmentId,
      kind: 'simulator',
      externalId: 'sim',
      name: 'Simulador',
    });
  });
});
afterAll(() => database?.close());

const of = (externalId: string, more: Partial<ConversationOf> = {}): ConversationOf => ({
  organizationId,
  channelId,
  channelKind: 'simulator',
  departmentId,
  externalId,
  name: 'Ana',
  locale: 'pt-BR',
  ...more,
});
const keyring = openKeyring(randomBytes(32));
const upsertWith = async (query: Query, what: ConversationOf): ReturnType<typeof upsertConversation> =>
  upsertConversation(query, await keyring.vault(query, organizationId), what);
const asServer = (what: ConversationOf): ReturnType<typeof upsertConversation> =>
  database.db.withOrganization(organizationId, (trx) => upsertWith(queryOf(trx), what));
const asWorker = (what: ConversationOf): ReturnType<typeof upsertConversation> =>
  upsertWith((text, values) => database.db.engine.query(text, values), what);

describe('upsertConversation', () => {
  it('begins a conversation once, for the server and the worker alike', async () => {
    const first = await asServer(of('+5581'));
    expect(first).toMatchObject({ handler: 'team', status: 'open' });
    expect(await asWorker(of('+5581'))).toEqual(first);
  });

  it('begins one when ten messages arrive at once', async () => {
    const found = await Promise.all(Array.from({ length: 10 }, () => asWorker(of('+5582'))));
    expect(new Set(found.map(({ conversationId }) => conversationId)).size).toBe(1);
  });

  it('learns the name, and does not forget it', async () => {
    const { contactId } = await asServer(of('+5583', { name: null }));
    await asServer(of('+5583', { name: 'Bia', phone: '+5583' }));
    await asServer(of('+5583', { name: null }));
    await database.db.withOrganization(organizationId, async (trx) => {
      const contact = await Contact.query(trx).findById(contactId).throwIfNotFound();
      const vault = await keyring.vault(queryOf(trx), organizationId);
      const { name, phone, address, externalId } = contact;
      expect([name, phone, address].map((each) => vault.openText(each ?? ''))).toEqual(['Bia', '+5583', '+5583']);
      expect(JSON.stringify([name, phone, address, externalId])).not.toMatch(/Bia|5583/);
    });
  });

  it('goes on with a contact from before addresses were sealed', async () => {
    const id = uuidv7();
    await database.db.withOrganization(organizationId, (trx) =>
      Contact.query(trx).insert({ id, organizationId, channelKind: 'simulator', externalId: '+5586', name: 'Caio' }),
    );
    const found = await Promise.all(Array.from({ length: 5 }, () => asWorker(of('+5586', { name: null }))));
    expect(found.map(({ contactId }) => contactId)).toEqual(Array.from({ length: 5 }, () => id));
    expect((await asServer(of('+5586'))).contactId).toBe(id);
  });

  it('changes neither who has a conversation nor whether it is closed', async () => {
    const { conversationId } = await asServer(of('+5584'));
    await database.db.withOrganization(organizationId, (trx) =>
      Conversation.query(trx)
        .findById(conversationId)
        .patch({ handler: 'person', status: 'closed', handoffReason: 'angry' }),
    );
    expect(await asServer(of('+5584'))).toMatchObject({ conversationId, handler: 'person', status: 'closed' });
    expect(await asWorker(of('+5584'))).toMatchObject({ conversationId, handler: 'person', status: 'closed' });
  });

  it('follows its channel to another department', async () => {
    const { conversationId } = await asServer(of('+5585'));
    await asServer(of('+5585', { departmentId: otherDepartmentId }));
    const row = await database.db.withOrganization(organizationId, (trx) =>
      Conversation.query(trx).findById(conversationId),
    );
    expect(row?.departmentId).toBe(otherDepartmentId);
  });
});
