import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contract, hasContracts } from '#tests/support/contracts.js';
import { messagesDelivery, statusDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi, type GraphRequest } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, startTestPlatform, type Reply, type TestPlatform } from '#tests/support/platform.js';

const secret = 'app-secret';
const phoneNumberId = '106540352242922';
const accessToken = 'a token of a system user';
let graph: GraphApi;
let platform: TestPlatform;
let bakery: Awaited<ReturnType<typeof openBakery>>;

beforeAll(async () => {
  graph = await startGraphApi();
  graph.accessToken = accessToken;
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
      { phoneNumberId, accessToken, departmentId: bakery.departmentId },
      bakery,
    ),
  );
});
afterAll(async () => {
  await platform?.close();
  await graph?.close();
});

let phones = 0;
/** A customer nobody has heard of. */
const newPhone = (): string => `55819${String(80_000_000 + ++phones)}`;

const deliver = (body: unknown, headers?: Record<string, string>): Promise<Reply> => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return platform.call('POST', '/webhooks/whatsapp', text, {
    headers: headers ?? { 'x-hub-signature-256': sign(text, secret) },
  });
};
const sentTo = (phone: string): GraphRequest[] => graph.sent().filter((entry) => entry.body['to'] === phone);
const textOf = (entry: GraphRequest | undefined): string => {
  const { text, interactive } = (entry?.body ?? {}) as {
    text?: { body: string };
    interactive?: { body: { text: string } };
  };
  return text?.body ?? interactive?.body.text ?? '';
};
const answered = (phone: string, times = 1): Promise<GraphRequest> =>
  vi.waitFor(() => {
    expect(sentTo(phone).length).toBeGreaterThanOrEqual(times);
    return sentTo(phone)[times - 1] as GraphRequest;
  }, 60_000);
/** Customers of these tests are called by their number. */
const conversationOf = async (phone: string): Promise<{ id: string; handler: string }> => {
  const { body } = await platform.call('GET', '/conversations?limit=100', undefined, bakery);
  return (
    body.items.find((each: { contact: { name: string } }) => each.contact.name === phone) ??
    expect.unreachable(`no conversation with ${phone}`)
  );
};

describe("Meta's handshake", () => {
  it('echoes the challenge for the right token and nothing for a wrong one', async () => {
    const ask = (token: string) =>
      platform.call('GET', `/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`);
    expect(await ask('verify-me')).toMatchObject({ status: 200, body: '1158201444' });
    expect((await ask('wrong')).status).toBe(403);
  });
});

describe('connecting a number', () => {
  it('refuses a token that could not travel in a header, and takes any other', async () => {
    const connect = (token: string) =>
      platform.call(
        'POST',
        '/integrations/whatsapp',
        { phoneNumberId: '7', accessToken: token, departmentId: bakery.departmentId },
        bakery,
      );
    const refused = await connect('chave\nמפתח');
    expect([refused.status, refused.body.error.details[0].path]).toEqual([400, 'accessToken']);
    expect((await connect('t')).status).toBe(201);
  });
});

describe('a customer writes', () => {
  it('is answered from the knowledge, once, with ticks and typing first', async () => {
    const phone = newPhone();
    const id = wamid();
    expect(
      (await deliver(textDelivery({ phoneNumberId, from: phone }, 'Que horas vocês abrem no domingo?', id))).status,
    ).toBe(200);
    const answer = await answered(phone);
    expect(textOf(answer)).toMatch(/6h30/);
    expect(graph.log.some((entry) => entry.body['message_id'] === id && entry.body['typing_indicator'])).toBe(true);
    expect(graph.log.flatMap((entry) => entry.violations)).toEqual([]);
  });

  it('is answered in English when she writes in English', async () => {
    const phone = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: phone }, 'What time do you open on Sunday?'));
    expect(textOf(await answered(phone))).toMatch(/Sunday|open/i);
  });

  it('five times the same delivery is one answer', async () => {
    const phone = newPhone();
    const body = textDelivery({ phoneNumberId, from: phone }, 'Quanto custa a coxinha?');
    const replies = await Promise.all(Array.from({ length: 5 }, () => deliver(body)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200]);
    await answered(phone);
    // Another message of hers comes after whatever the first five left behind.
    await deliver(textDelivery({ phoneNumberId, from: phone }, 'Obrigada!'));
    await answered(phone, 2);
    expect(sentTo(phone)).toHaveLength(2);
  });

  it('what is not known is said, with a button to a person; tapping it hands over and silences the team', async () => {
    const phone = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: phone, name: phone }, 'Vocês vendem pneu de caminhão?'));
    const offer = await answered(phone);
    const { interactive } = offer.body as {
      interactive: { action: { buttons: { reply: { id: string; title: string } }[] } };
    };
    const button = interactive.action.buttons[0]?.reply;
    await deliver(
      messagesDelivery({ phoneNumberId, from: phone, name: phone }, [
        {
          id: wamid(),
          type: 'interactive',
          context: { id: offer.messageId },
          interactive: { type: 'button_reply', button_reply: button },
        },
      ]),
    );
    await answered(phone, 2);
    await vi.waitFor(async () => expect((await conversationOf(phone)).handler).toBe('person'), 60_000);
    const before = sentTo(phone).length;
    await deliver(textDelivery({ phoneNumberId, from: phone }, 'oi?'));
    const other = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: other }, 'Entregam em Boa Viagem?'));
    await answered(other);
    expect(sentTo(phone)).toHaveLength(before);
  });

  it('a picture is politely declined, a reaction is kept and not answered', async () => {
    const phone = newPhone();
    await deliver(
      messagesDelivery({ phoneNumberId, from: phone }, [
        { id: wamid(), type: 'image', image: { id: '1', mime_type: 'image/jpeg' } },
      ]),
    );
    expect(textOf(await answered(phone))).not.toBe('');
    const silent = newPhone();
    await deliver(
      messagesDelivery({ phoneNumberId, from: silent }, [
        { id: wamid(), type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } },
      ]),
    );
    const other = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: other }, 'oi'));
    await answered(other);
    expect(sentTo(silent)).toEqual([]);
  });

  it('statuses move the message forward and never back, in whatever order they come', async () => {
    const phone = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: phone, name: phone }, 'Aceita Pix?'));
    const answer = await answered(phone);
    for (const status of ['read', 'delivered', 'sent'])
      await deliver(statusDelivery({ phoneNumberId, from: phone }, answer.messageId as string, status));
    const { id } = await conversationOf(phone);
    await vi.waitFor(async () => {
      const { body } = await platform.call('GET', `/conversations/${id}/messages`, undefined, bakery);
      expect(body.items.find((message: { direction: string }) => message.direction === 'out').status).toBe('read');
    }, 60_000);
  });

  it("Meta's token is refused: the run says who must act, nothing is sent twice", async () => {
    const phone = newPhone();
    graph.faults.push({ kind: 'error', status: 401, code: 190 }, { kind: 'error', status: 401, code: 190 });
    await deliver(textDelivery({ phoneNumberId, from: phone, name: phone }, 'Quanto custa o bolo de rolo?'));
    const { id } = await vi.waitFor(() => conversationOf(phone), 60_000);
    await vi.waitFor(async () => {
      const { body } = await platform.call('GET', `/runs?conversationId=${id}`, undefined, bakery);
      expect(['succeeded', 'failed']).toContain(body.items[0]?.status);
      const run = await platform.call('GET', `/runs/${body.items[0].id}`, undefined, bakery);
      expect(JSON.stringify(run.body.steps)).toContain('channel_token_invalid');
    }, 60_000);
    graph.faults.length = 0;
  });
});

describe('bad deliveries', () => {
  it.each([
    ['no signature', {}],
    ['a wrong one', { 'x-hub-signature-256': sign('{}', 'other') }],
    ['SHA-1', { 'x-hub-signature': 'sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
  ])('%s: 401, and nothing happens', async (_, headers) => {
    const phone = newPhone();
    const body = JSON.stringify(textDelivery({ phoneNumberId, from: phone }, 'oi'));
    expect((await deliver(body, headers as Record<string, string>)).status).toBe(401);
    const other = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: other }, 'oi'));
    await answered(other);
    expect(sentTo(phone)).toEqual([]);
  });

  it('broken JSON, a wrong content type and a huge body are refused clearly', async () => {
    expect(await deliver('{"entry": [')).toMatchObject({ status: 400, body: { error: { code: 'bad_json' } } });
    const text = '{"entry":[]}';
    expect(
      (await deliver(text, { 'x-hub-signature-256': sign(text, secret), 'content-type': 'text/xml' })).status,
    ).toBe(415);
    expect((await deliver(`"${'x'.repeat(10_000_000)}"`)).status).toBe(413);
  });

  it('texts that a database refuses (NUL, half an emoji) are taken and answered', async () => {
    const phone = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: phone }, 'Que horas abre\u0000 no domingo? \ud83d'));
    expect(textOf(await answered(phone))).not.toBe('');
  });

  it('a number that is connected to nobody is stored and answered by nobody', async () => {
    const phone = newPhone();
    expect((await deliver(textDelivery({ phoneNumberId: '999999', from: phone }, 'oi'))).status).toBe(200);
    const other = newPhone();
    await deliver(textDelivery({ phoneNumberId, from: other }, 'oi'));
    await answered(other);
    expect(sentTo(phone)).toEqual([]);
  });
});

describe.skipIf(!hasContracts)('every payload that Meta publishes', () => {
  it.each([
    'message',
    'message_status',
    'system',
    'edited_message',
    'call_connect',
    'call_status',
    'account_update',
    'flow_completion',
    'template_status_update',
    'template_components_update',
  ])('%s is taken with 200', async (file) => {
    for (const payload of Object.values(contract(`whatsapp/pywa-updates/${file}.json`) as Record<string, unknown>))
      expect((await deliver(payload)).status).toBe(200);
  });
});
