import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EffectDidNotHappen } from '#nodes/sdk/errors.js';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import { contract, hasContracts } from '#tests/support/contracts.js';
import { startGraphApi, type GraphApi, type GraphFault } from '#tests/support/meta/graphApi.js';
import { metaSchema } from '#tests/support/meta/schema.js';
import { createWhatsAppClient } from './client.js';

const account = { phoneNumberId: '106540352242922', accessToken: 'token' };
let graph: GraphApi;
beforeAll(async () => {
  graph = await startGraphApi();
});
afterAll(() => graph.close());

const client = (timeoutMs = 60_000) => createWhatsAppClient({ graphUrl: graph.url, timeoutMs });
const send = (message: OutgoingMessage, timeoutMs?: number) =>
  client(timeoutMs).send(account, '5581988887777', message, 'run/step:send');
const failure = (fault: GraphFault) => {
  graph.faults.push(fault);
  return send({ text: 'oi' }, fault.kind === 'hang' ? 300 : undefined).then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as EffectDidNotHappen,
  );
};

describe('send', () => {
  it.each<[string, OutgoingMessage]>([
    ['text', { text: 'Abrimos às 6h.' }],
    [
      'buttons',
      {
        text: 'Posso ajudar?',
        buttons: [
          { id: 'yes', title: 'Quero sim' },
          { id: 'no', title: 'Agora não' },
        ],
      },
    ],
    [
      'list',
      {
        text: 'Qual?',
        list: {
          button: 'Ver sabores',
          sections: [{ title: 'Bolos', rows: [{ id: 'rolo', title: 'Bolo de rolo', description: 'Goiabada' }] }],
        },
      },
    ],
    [
      'an image with a caption',
      { text: 'Bolo de rolo', media: { kind: 'image', link: 'https://pao.example.com/a.jpg' } },
    ],
    ['a video alone', { text: '', media: { kind: 'video', link: 'https://pao.example.com/a.mp4' } }],
    ['audio', { text: '', media: { kind: 'audio', link: 'https://pao.example.com/a.mp3' } }],
    [
      'a document by its name',
      { text: 'O cardápio', media: { kind: 'document', link: 'https://pao.example.com/a.pdf', name: 'Cardápio.pdf' } },
    ],
    [
      'an image above buttons',
      {
        text: 'É este?',
        media: { kind: 'image', link: 'https://pao.example.com/a.jpg' },
        buttons: [{ id: 'yes', title: 'Sim' }],
      },
    ],
  ])('hands over %s as Meta wants it, with our mark', async (_, message) => {
    const { externalId } = await send(message);
    const entry = graph.log.at(-1);
    expect(entry?.violations).toEqual([]);
    expect(entry?.messageId).toBe(externalId);
    expect(entry?.body['biz_opaque_callback_data']).toBe('run/step:send');
  });

  it.each<[string, OutgoingMessage]>([
    ['a fourth button', { text: 'x', buttons: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id })) }],
    ['a button of 21 characters', { text: 'x', buttons: [{ id: 'a', title: 'x'.repeat(21) }] }],
    ['a caption of 1025', { text: 'x'.repeat(1025), media: { kind: 'image', link: 'https://a.example.com/a' } }],
    ['words on audio', { text: 'x', media: { kind: 'audio', link: 'https://a.example.com/a' } }],
    [
      'audio above buttons',
      {
        text: 'x',
        media: { kind: 'audio', link: 'https://a.example.com/a' },
        buttons: [{ id: 'a', title: 'a' }],
      },
    ],
    ['4097 characters', { text: 'x'.repeat(4097) }],
    ['an empty text', { text: ' ' }],
  ])('refuses %s before it leaves', async (_, message) => {
    const before = graph.log.length;
    await expect(send(message)).rejects.toMatchObject({ code: 'message_too_large', actor: 'author', retryable: false });
    expect(graph.log.length).toBe(before);
  });

  it('says who must act and whether it helps to try again', async () => {
    expect(await failure({ kind: 'error', status: 401, code: 190 })).toMatchObject({
      code: 'channel_token_invalid',
      actor: 'author',
      retryable: false,
    });
    expect(await failure({ kind: 'error', status: 400, code: 131047 })).toMatchObject({
      code: 'window_closed',
      actor: 'author',
      retryable: false,
    });
    expect(await failure({ kind: 'error', status: 429, code: 130429, retryAfter: 3 })).toMatchObject({
      code: 'channel_throttled',
      retryable: true,
      retryAfterMs: 3_000,
    });
    expect(await failure({ kind: 'error', status: 500, code: 131000 })).toBeInstanceOf(EffectDidNotHappen);
  });

  it('does not claim to know when the answer never came', async () => {
    for (const kind of ['hang', 'drop', 'bare500'] as const) {
      const error = await failure({ kind });
      expect(error, kind).toMatchObject({ code: 'channel_unclear', retryable: false });
      expect(error, kind).not.toBeInstanceOf(EffectDidNotHappen);
    }
  });

  it('knows that nothing happened when nobody listens', async () => {
    const closed = await startGraphApi();
    await closed.close();
    const nowhere = createWhatsAppClient({ graphUrl: closed.url });
    await expect(nowhere.send(account, '5581988887777', { text: 'oi' }, 'x')).rejects.toBeInstanceOf(
      EffectDidNotHappen,
    );
  });
});

describe('markRead', () => {
  it('shows blue ticks and typing in one request', async () => {
    await client().markRead(account, 'wamid.in', { typing: true });
    expect(graph.log.at(-1)).toMatchObject({
      violations: [],
      body: { status: 'read', message_id: 'wamid.in', typing_indicator: { type: 'text' } },
    });
  });
});

describe.skipIf(!hasContracts)('the emulator', () => {
  it("takes most of Meta's own examples and refuses broken ones", () => {
    const schema = metaSchema();
    const examples = contract('whatsapp/meta-openapi-examples/messages-requests.json') as
      [string, Record<string, unknown>][] | Record<string, Record<string, unknown>>;
    const all = Array.isArray(examples) ? examples : Object.entries(examples);
    const refused = all.filter(([, example]) => (schema?.request(example).length ?? 0) > 0).map(([name]) => name);
    // Placeholders that are no address (`<http(s)://…>`), and templates and orders that the schema contradicts: none of them do we send.
    expect(refused.filter((name) => !/by URL|Template|Multi-Product|Order/.test(name))).toEqual([]);
    const text = { messaging_product: 'whatsapp', to: '55', type: 'text', text: { body: 'x' } };
    expect(schema?.request(text)).toEqual([]);
    for (const broken of [
      { ...text, to: undefined },
      { ...text, text: {} },
      { ...text, nonsense: 1 },
      { ...text, text: { body: 'x'.repeat(4097) } },
    ])
      expect(schema?.request(JSON.parse(JSON.stringify(broken)))).not.toEqual([]);
  });
});
