import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract, hasContracts } from '#tests/support/contracts.js';
import { messagesDelivery, statusDelivery, textDelivery } from '#tests/support/meta/deliveries.js';
import { parseDelivery, type InboundItem, type InboundMessage } from './inbound.js';

const options = { phoneNumberId: '106540352242922', from: '5581988887777', name: 'Jéssica', timestamp: 1_750_000_000 };
const one = (message: Record<string, unknown>): InboundItem => {
  const items = parseDelivery(messagesDelivery(options, [{ id: 'wamid.1', ...message }]));
  expect(items).toHaveLength(1);
  return items[0] as InboundItem;
};

describe('parseDelivery', () => {
  it('reads a text with its sender, name and time', () => {
    expect(parseDelivery(textDelivery(options, 'Oi!', 'wamid.1'))).toMatchObject([
      {
        kind: 'message',
        externalId: 'message:wamid.1',
        phoneNumberId: '106540352242922',
        from: '5581988887777',
        name: 'Jéssica',
        timestamp: '2025-06-15T15:06:40.000Z',
        message: { kind: 'text', text: 'Oi!' },
        answerable: true,
      },
    ]);
  });

  it.each([
    [
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'b1', title: 'Sim' } } },
      { kind: 'button', text: 'Sim', buttonId: 'b1' },
    ],
    [
      { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Bolo' } } },
      { kind: 'list', text: 'Bolo', buttonId: 'r1' },
    ],
    [
      { type: 'button', button: { text: 'Quero', payload: 'p1' } },
      { kind: 'button', text: 'Quero', buttonId: 'p1' },
    ],
    [
      { type: 'image', image: { id: 'm1', caption: 'olha' } },
      { kind: 'image', text: 'olha' },
    ],
    [
      { type: 'audio', audio: { id: 'm1', voice: true } },
      { kind: 'audio', text: '' },
    ],
    [
      { type: 'hologram', hologram: {} },
      { kind: 'unsupported', text: '' },
    ],
    [
      {
        type: 'order',
        order: {
          text: 'sem açúcar',
          product_items: [
            { product_retailer_id: 'bolo', quantity: 2, item_price: 30, currency: 'BRL' },
            { product_retailer_id: 'pão' },
            7,
          ],
        },
      },
      { kind: 'text', text: 'sem açúcar\n2 × bolo (BRL 30)\n1 × pão' },
    ],
    [
      { type: 'order', order: { product_items: {} } },
      { kind: 'unsupported', text: '' },
    ],
    [
      {
        type: 'interactive',
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { name: 'flow', response_json: '{"sabor":"cenoura","fatias":8,"flow_token":"AQ"}' },
        },
      },
      { kind: 'text', text: 'sabor: cenoura\nfatias: 8' },
    ],
    [
      { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{' } } },
      { kind: 'unsupported', text: '' },
    ],
    [
      { type: 'location', location: { latitude: -8.05, longitude: -34.9 } },
      { kind: 'location', text: '-8.05, -34.9' },
    ],
    [
      {
        type: 'location',
        location: { name: 'Padaria da Lúcia', address: 'Rua do Sol 12', latitude: -8.05, longitude: -34.9 },
      },
      { kind: 'location', text: 'Padaria da Lúcia, Rua do Sol 12\n-8.05, -34.9' },
    ],
    [
      { type: 'location', location: { address: 'Rua do Sol 12' } },
      { kind: 'location', text: 'Rua do Sol 12' },
    ],
    [
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Lúcia Gómez' }, phones: [{ phone: '+55 81 98888-7777' }] }, null],
      },
      { kind: 'contacts', text: 'Lúcia Gómez, +55 81 98888-7777' },
    ],
    [
      { type: 'interactive', errors: [{ code: 131051 }] },
      { kind: 'unsupported', text: '' },
    ],
  ])('reads %o', (message, expected) => {
    expect(one(message)).toMatchObject({ kind: 'message', message: expected, answerable: true });
  });

  it('keeps reactions and group chatter without answering them', () => {
    expect(one({ type: 'reaction', reaction: { message_id: 'wamid.0', emoji: '👍' } })).toMatchObject({
      kind: 'message',
      answerable: false,
    });
    expect(one({ type: 'text', text: { body: 'oi' }, group_id: 'g1' })).toMatchObject({
      kind: 'message',
      answerable: false,
    });
  });

  it('keeps system messages, which may lack contacts, and edits of nobody knows what as other', () => {
    expect(one({ type: 'system', system: { body: 'changed number' } })).toMatchObject({
      kind: 'other',
      type: 'system',
    });
    expect(one({ type: 'edit', edit: {} })).toMatchObject({ kind: 'other', type: 'edit' });
  });

  it.each([
    ['user_changed_number', { wa_id: '5581977776666' }],
    ['customer_changed_number', { new_wa_id: '5581977776666', wa_id: options.from }],
  ])('reads that a customer has another number (%s)', (type, system) => {
    expect(one({ type: 'system', system: { type, ...system } })).toMatchObject({
      kind: 'move',
      externalId: 'move:wamid.1',
      from: options.from,
      to: '5581977776666',
    });
    expect(one({ type: 'system', system: { type, wa_id: options.from } })).toMatchObject({ kind: 'other' });
  });

  it('gives nobody the name of somebody else in the same delivery', () => {
    const [change] = [textDelivery(options, 'oi', 'wamid.1')] as [
      { entry: { changes: { value: { contacts: object[] } }[] }[] },
    ];
    const named = (...contacts: object[]) => {
      for (const entry of change.entry) for (const { value } of entry.changes) value.contacts = contacts;
      return (parseDelivery(change)[0] as InboundMessage).name;
    };
    const [bia, caio] = ['Bia', 'Caio'].map((name, index) => ({ profile: { name }, wa_id: `55819${index}` })) as [
      object,
      object,
    ];
    expect(named(bia)).toBe('Bia');
    expect(named(bia, caio)).toBeNull();
    expect(named(bia, { ...caio, wa_id: options.from })).toBe('Caio');
  });

  it('keeps what has an id that cannot be one, and finds nothing by it', () => {
    expect(one({ id: 'x'.repeat(10_000), type: 'text', text: { body: 'oi' } })).toMatchObject({ kind: 'other' });
    const body = messagesDelivery({ ...options, phoneNumberId: '1'.repeat(10_000) }, [{ id: 'wamid.1' }]);
    expect(parseDelivery(body)).toMatchObject([{ kind: 'other', phoneNumberId: null }]);
  });

  it('reads an edit as what the message says now, and a message taken back as nothing', () => {
    const message = { type: 'image', image: { id: 'm1', caption: 'olha só' } };
    expect(one({ type: 'edit', edit: { original_message_id: 'wamid.0', message } })).toMatchObject({
      kind: 'edit',
      externalId: 'edit:wamid.1',
      messageId: 'wamid.0',
      message: { kind: 'image', text: 'olha só' },
    });
    expect(one({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } })).toMatchObject({
      kind: 'edit',
      messageId: 'wamid.0',
      message: null,
    });
    expect(one({ type: 'edit', edit: { original_message_id: 'wamid.0', message: 7 } })).toMatchObject({ kind: 'edit' });
  });

  it('takes the business-scoped user id for a sender whose number is hidden', () => {
    const body = messagesDelivery(options, [
      { id: 'wamid.1', type: 'text', text: { body: 'oi' }, from: undefined, user_id: 'US.1' },
    ]);
    expect(parseDelivery(body)[0]).toMatchObject({ kind: 'message', from: 'US.1' });
  });

  it('reads a status with what we gave at sending and why it failed', () => {
    const extra = {
      biz_opaque_callback_data: 'run/step',
      errors: [{ code: 131047, title: 'Re-engagement message', error_data: { details: 'more than 24 hours' } }],
    };
    expect(parseDelivery(statusDelivery(options, 'wamid.9', 'failed', extra))).toMatchObject([
      {
        kind: 'status',
        externalId: 'status:wamid.9:failed',
        messageId: 'wamid.9',
        status: 'failed',
        opaque: 'run/step',
        error: { code: 131047, message: 'more than 24 hours' },
      },
    ]);
  });

  it('walks every entry, change, message and status of a batch', () => {
    const first = messagesDelivery(options, [
      { id: 'wamid.1', type: 'text', text: { body: 'a' } },
      { id: 'wamid.2', type: 'text', text: { body: 'b' } },
    ]) as { entry: unknown[] };
    const second = statusDelivery(options, 'wamid.3', 'read') as { entry: unknown[] };
    const ids = parseDelivery({ entry: [...first.entry, ...second.entry] }).map((item) => item.externalId);
    expect(ids).toEqual(['message:wamid.1', 'message:wamid.2', 'status:wamid.3:read']);
  });

  it('never throws and never loses a delivery, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (anything, inside) => {
        expect(parseDelivery(anything).length).toBeGreaterThan(0);
        expect(parseDelivery({ entry: [{ changes: [{ field: 'messages', value: inside }] }] }).length).toBeGreaterThan(
          0,
        );
        expect(parseDelivery(messagesDelivery(options, [{ id: 'wamid.1', type: 'text', text: inside }]))).toHaveLength(
          1,
        );
      }),
    );
  });

  describe.skipIf(!hasContracts)('on payloads that Meta publishes', () => {
    const files = hasContracts
      ? readdirSync(`${process.env['CONTRACTS_DIR'] ?? '../shared/contracts'}/whatsapp/pywa-updates`).map(
          (file) => `whatsapp/pywa-updates/${file}`,
        )
      : [];
    it.each([...files, 'whatsapp/meta-openapi-examples/webhooks.json'])('%s', (file) => {
      const payloads = contract(file) as Record<string, unknown> | [string, unknown][];
      for (const [name, payload] of Array.isArray(payloads) ? payloads : Object.entries(payloads)) {
        const items = parseDelivery(payload);
        expect(items.length, name).toBeGreaterThan(0);
        for (const item of items) if (item.kind === 'message') expect(item.from, name).not.toBe('');
      }
    });

    it('tells texts, replies, media, reactions and the rest apart', () => {
      const payloads = contract('whatsapp/pywa-updates/message.json') as Record<string, unknown>;
      const kinds = Object.fromEntries(
        Object.entries(payloads).map(([name, payload]) => [
          name,
          (parseDelivery(payload)[0] as InboundMessage).message.kind,
        ]),
      );
      expect(kinds).toMatchObject({
        text: 'text',
        reply: 'text',
        image: 'image',
        voice: 'audio',
        reaction: 'reaction',
        order: 'text',
        unsupported: 'unsupported',
        contacts: 'contacts',
        current_location: 'location',
      });
    });
  });
});
