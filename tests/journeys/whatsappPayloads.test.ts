import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { messagesDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/** Whatever Meta may send, and what nobody should: each goes in at the real door, is kept, is shown as what it is, and answered where somebody waits for an answer. */
const secret = 'app-secret';
const phoneNumberId = '106540352242922';
let graph: GraphApi;
let platform: TestPlatform;
let bakery: Awaited<ReturnType<typeof openBakery>>;

beforeAll(async () => {
  graph = await startGraphApi();
  platform = await startTestPlatform({
    META_APP_SECRET: secret,
    META_VERIFY_TOKEN: 'verify-me',
    META_GRAPH_URL: graph.url,
  });
  bakery = await openBakery(platform);
  await expectOk(
    platform.call(
      'POST',
      '/integrations/whatsapp',
      { phoneNumberId, accessToken: 'a token', departmentId: bakery.departmentId },
      bakery,
    ),
  );
});
afterAll(async () => {
  await platform?.close();
  await graph?.close();
});

let phones = 0;
const newPhone = (): string => `55817${String(80_000_000 + ++phones)}`;
const deliver = async (body: unknown): Promise<void> => {
  const text = JSON.stringify(body);
  const headers = { 'x-hub-signature-256': sign(text, secret) };
  expect((await platform.call('POST', '/webhooks/whatsapp', text, { headers })).status).toBe(200);
};
const bring = (phone: string, message: Record<string, unknown>): Promise<void> =>
  deliver(messagesDelivery({ phoneNumberId, from: phone, name: phone }, [{ id: wamid(), ...message }]));
const says = (phone: string, text: string, id = wamid()): Promise<void> =>
  deliver(textDelivery({ phoneNumberId, from: phone, name: phone }, text, id));
const sentTo = (phone: string): number => graph.sent().filter(({ body }) => body['to'] === phone).length;
const answered = (phone: string, times = 1): Promise<void> =>
  vi.waitFor(() => expect(sentTo(phone)).toBe(times), 60_000);

interface Shown {
  readonly direction: string;
  readonly author: string;
  readonly kind: string;
  readonly text: string;
}
/** Customers of these tests are called by the number that they began with. */
const conversationsOf = async (name: string): Promise<string[]> => {
  const { body } = await platform.call('GET', '/conversations?limit=100', undefined, bakery);
  return body.items
    .filter((each: { contact: { name: string } }) => each.contact.name === name)
    .map(({ id }: { id: string }) => id);
};
const shown = async (name: string): Promise<Shown[]> => {
  const [id] = await conversationsOf(name);
  const { body } = await platform.call('GET', `/conversations/${id ?? 'none'}/messages`, undefined, bakery);
  return body.items;
};
const received = (name: string, count: number): Promise<Shown[]> =>
  vi.waitFor(async () => {
    const messages = (await shown(name)).filter(({ direction }) => direction === 'in');
    expect(messages).toHaveLength(count);
    return messages;
  }, 60_000);

it.each<[string, Record<string, unknown>, Partial<Shown>]>([
  [
    'an order from the catalogue',
    {
      type: 'order',
      order: { catalog_id: '1', text: '', product_items: [{ product_retailer_id: 'coxinha', quantity: 3 }] },
    },
    { kind: 'text', text: '3 × coxinha' },
  ],
  [
    'a form',
    {
      type: 'interactive',
      interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{"pedido":"10 coxinhas","flow_token":"x"}' } },
    },
    { kind: 'text', text: 'pedido: 10 coxinhas' },
  ],
  [
    'where they are',
    { type: 'location', location: { latitude: -8.05, longitude: -34.9 } },
    { kind: 'location', text: '-8.05, -34.9' },
  ],
  [
    'a card',
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Bia' }, phones: [{ wa_id: '5581' }] }] },
    { kind: 'contacts', text: 'Bia, 5581' },
  ],
  [
    'what came with an advertisement',
    {
      type: 'text',
      text: { body: 'Quanto custa a coxinha?' },
      referral: { source_url: 'https://fb.me/1', body: 'ad' },
    },
    { kind: 'text', text: 'Quanto custa a coxinha?' },
  ],
  [
    'what Meta itself does not know',
    { type: 'unsupported', errors: [{ code: 131051, title: 'Message type unknown' }] },
    { kind: 'unsupported', text: '' },
  ],
  ['what nobody has thought of', { type: 'hologram', hologram: [[]] }, { kind: 'unsupported', text: '' }],
  ['nothing at all', {}, { kind: 'unsupported', text: '' }],
  ['an empty text', { type: 'text', text: { body: '' } }, { kind: 'text', text: '' }],
  ['a text that is none', { type: 'text', text: 'oi' }, { kind: 'unsupported', text: '' }],
  [
    'characters that no database takes',
    { type: 'text', text: { body: 'Quanto\u0000 custa\ud800 a coxinha?' } },
    { kind: 'text' },
  ],
  ['a text without end', { type: 'text', text: { body: 'coxinha '.repeat(20_000) } }, { kind: 'text' }],
  ['a number that Meta gives as a number', { from: 5_581_770_000_001, type: 'text', text: { body: 'oi' } }, {}],
])('%s is shown as what it is, and answered', async (_, message, expected) => {
  const phone = typeof message['from'] === 'number' ? String(message['from']) : newPhone();
  await bring(phone, message);
  expect((await received(phone, 1))[0]).toMatchObject({ author: 'contact', ...expected });
  await answered(phone);
});

it.each<[string, Record<string, unknown>, number]>([
  ['a reaction', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } }, 1],
  ['one taken back', { type: 'reaction', reaction: { message_id: 'wamid.x' } }, 1],
  ['what is said in a group', { type: 'text', text: { body: 'oi gente' }, group_id: 'g1' }, 1],
  ['a new security code', { type: 'system', system: { type: 'customer_identity_changed', body: 'x' } }, 0],
  ['a greeting that was not written', { type: 'request_welcome' }, 0],
  [
    'an id with a character that no database takes',
    { id: `wamid.\0${wamid()}`, type: 'text', text: { body: 'oi' } },
    0,
  ],
  ['an id that cannot be one', { id: randomBytes(15_000).toString('base64'), type: 'text', text: { body: 'oi' } }, 0],
])('%s is kept, and answered by nobody', async (_, message, count) => {
  const phone = newPhone();
  await bring(phone, message);
  // What they write afterwards is answered, and it alone.
  await says(phone, 'Quanto custa a coxinha?');
  await received(phone, count + 1);
  await answered(phone);
  expect(sentTo(phone)).toBe(1);
});

it('somebody without a number is answered by the name that Meta has for them', async () => {
  const who = 'BR.13491208655302741918';
  const delivery = messagesDelivery({ phoneNumberId, name: who }, [
    { id: wamid(), from: undefined, from_user_id: who, type: 'text', text: { body: 'oi' } },
  ]);
  await deliver(delivery);
  await answered(who);
  expect((await received(who, 1))[0]).toMatchObject({ text: 'oi' });
});

it('whatever is wrong around a message, those beside it are answered', async () => {
  const [phone, other, third] = [newPhone(), newPhone(), newPhone()];
  const good = (from: string) => textDelivery({ phoneNumberId, from, name: from }, 'oi') as { entry: unknown[] };
  await deliver({
    entry: [
      null,
      { changes: 'x' },
      { changes: [null, { field: 'account_update', value: {} }, { field: 'messages', value: { metadata: 7 } }] },
      ...messagesOf(third, [null, 7, { id: 'wamid.only-an-id' }, []]),
      ...good(phone).entry,
      ...good(other).entry,
    ],
  });
  await answered(phone);
  await answered(other);
  expect([sentTo(phone), sentTo(other)]).toEqual([1, 1]);
});
const messagesOf = (from: string, messages: unknown[]): unknown[] =>
  (
    messagesDelivery(
      { phoneNumberId, from },
      messages.map((message) => message as Record<string, unknown>),
    ) as {
      entry: unknown[];
    }
  ).entry;

const changesTo = (to: string) => ({
  type: 'system',
  system: { body: `User changed to ${to}`, wa_id: to, type: 'user_changed_number' },
});

it('a customer who changes their number keeps their conversation, and is answered at the new one', async () => {
  const [phone, next] = [newPhone(), newPhone()];
  await says(phone, 'Quanto custa a coxinha?');
  await answered(phone);
  await bring(phone, changesTo(next));
  await deliver(textDelivery({ phoneNumberId, from: next, name: phone }, 'Que horas vocês abrem no domingo?'));
  await answered(next);
  await received(phone, 2);
  expect(await conversationsOf(phone)).toHaveLength(1);
  expect((await shown(phone)).filter(({ author }) => author === 'system').map(({ text }) => text)).toEqual([
    'Trocou de número de telefone. A conversa continua aqui.',
  ]);
  expect(sentTo(phone)).toBe(1);
});

it('news of a number that nobody has written from changes nothing', async () => {
  const [phone, next] = [newPhone(), newPhone()];
  await bring(phone, changesTo(next));
  await says(next, 'oi');
  await answered(next);
  expect((await shown(next)).filter(({ author }) => author === 'system')).toEqual([]);
});

it('who has written from both numbers before we hear of it has both conversations', async () => {
  const [phone, next] = [newPhone(), newPhone()];
  await says(phone, 'oi');
  await says(next, 'oi');
  await Promise.all([answered(phone), answered(next)]);
  await bring(phone, changesTo(next));
  await says(next, 'Quanto custa a coxinha?');
  await answered(next, 2);
  await received(next, 2);
  expect(await received(phone, 1)).toHaveLength(1);
});
