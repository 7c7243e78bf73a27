import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { armFailpoints } from '#db/failpoint.js';
import { openKeyring } from '#db/seal.js';
import type { LiveEvent } from '#engine/graph/events.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { statementOf } from '../../sql.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
let department: string;
let channel: string;
const keyring = openKeyring(Buffer.alloc(32, 1));
beforeAll(async () => {
  server = await buildTestApp({ keyring });
  as = await server.register();
  department = (await post('/departments', { name: 'Balcão', template: 'customer-service' })).body.id;
  await post(`/departments/${department}/publish`);
  channel = (await post('/integrations/simulator', { departmentId: department })).body.id;
});
afterAll(() => server.close());

const post = (path: string, body?: unknown) => server.call('POST', path, { as, body });
const get = (path: string) => server.call('GET', path, { as });
const write = async (from: string, text = 'Que horas vocês abrem?') =>
  (await post(`/simulator/${channel}/messages`, { from, text })).body;
const sql = (text: string, values: unknown[]) => server.db.engine.query(text, values);

describe('the simulator', () => {
  it('is one for a department', async () => {
    const again = await post('/integrations/simulator', { departmentId: department });
    expect(again).toMatchObject({ status: 201, body: { id: channel, kind: 'simulator', name: 'Balcão' } });
  });

  it("takes a customer's message in as any channel would, and says which conversation it is in", async () => {
    const first = await write('ana');
    const second = await write('ana', 'E no domingo?');
    expect(second.conversation.id).toBe(first.conversation.id);
    expect((await write('bia')).conversation.id).not.toBe(first.conversation.id);
    const { rows } = await sql('select provider, organization_id, payload from platform.inbound_events where id = $1', [
      first.message.id,
    ]);
    expect(rows.map((row) => ({ ...row, payload: keyring.inbound.openJson(row.payload) }))).toMatchObject([
      {
        provider: 'simulator',
        organization_id: as.organization.id,
        payload: { kind: 'message', from: 'ana', phoneNumberId: channel, message: { kind: 'text' }, answerable: true },
      },
    ]);
  });

  it('keeps a message with its conversation or neither, wherever the process dies', async () => {
    const kept = async (): Promise<number[]> => {
      const { rows } = await sql(
        `select (select count(*)::int from platform.conversations where channel_id = $1) as conversations,
           (select count(*)::int from platform.inbound_events where channel_external_id = $2) as messages`,
        [channel, channel],
      );
      return [rows[0].conversations, rows[0].messages];
    };
    const places: string[] = [];
    armFailpoints((name) => void places.push(name));
    await write('carla');
    expect(places.length).toBeGreaterThan(2);
    for (const dies of places.keys()) {
      const before = await kept();
      let passed = 0;
      armFailpoints(() => (passed++ === dies ? Promise.reject(new Error('It died.')) : undefined));
      await post(`/simulator/${channel}/messages`, { from: `dora ${dies}`, text: 'oi' });
      armFailpoints(() => undefined);
      const [conversations = 0, messages = 0] = (await kept()).map((count, index) => count - (before[index] ?? 0));
      expect({ place: places[dies], messages }).toEqual({ place: places[dies], messages: conversations });
    }
  });

  it('takes a tap on a button as one', async () => {
    const { body } = await post(`/simulator/${channel}/messages`, { from: 'ana', text: 'Sim', buttonId: 'yes' });
    const { rows } = await sql('select payload from platform.inbound_events where id = $1', [body.message.id]);
    expect((keyring.inbound.openJson(rows[0].payload) as { message: unknown }).message).toEqual({
      kind: 'button',
      text: 'Sim',
      buttonId: 'yes',
    });
  });
});

describe('the inbox', () => {
  it('goes through all conversations once, most recent first, with the last message of each', async () => {
    const session = await server.register('Caixa');
    const call = (path: string, body?: unknown) => server.call('POST', path, { as: session, body });
    const { body: hired } = await call('/departments', { name: 'x', template: 'customer-service' });
    const { body: simulator } = await call('/integrations/simulator', { departmentId: hired.id });
    const ids: string[] = [];
    for (const from of ['1', '2', '3']) {
      ids.unshift((await call(`/simulator/${simulator.id}/messages`, { from, text: 'oi' })).body.conversation.id);
    }
    await call(`/conversations/${ids[2]}/messages`, { text: 'Já volto' });
    const seen: { id: string; lastMessage: { text: string } | null }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await server.call('GET', `/conversations?limit=2${cursor && `&cursor=${cursor}`}`, { as: session });
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(seen.map(({ id }) => id)).toEqual([ids[2], ids[0], ids[1]]);
    expect(seen[0]?.lastMessage).toMatchObject({ text: 'Já volto', author: 'person', direction: 'out' });
  });

  it('lists messages newest first', async () => {
    const { conversation } = await write('carla');
    for (const text of ['um', 'dois', 'três']) await post(`/conversations/${conversation.id}/messages`, { text });
    const { body } = await get(`/conversations/${conversation.id}/messages?limit=2`);
    expect(body.items.map(({ text }: { text: string }) => text)).toEqual(['três', 'dois']);
    const rest = await get(`/conversations/${conversation.id}/messages?cursor=${body.nextCursor}`);
    expect(rest.body.items.map(({ text }: { text: string }) => text)).toEqual(['um']);
  });
});

describe('a person', () => {
  it('who answers has the conversation until they give it back', async () => {
    const { conversation } = await write('davi');
    const path = `/conversations/${conversation.id}`;
    const events: LiveEvent[] = [];
    const stop = server.bus.subscribe(as.organization.id, (event) => void events.push(event));
    const { status, body } = await post(`${path}/messages`, { text: 'Oi, aqui é a Lúcia' });
    expect([status, body]).toMatchObject([201, { status: 'queued', author: 'person', text: 'Oi, aqui é a Lúcia' }]);
    expect((await get(path)).body).toMatchObject({ handler: 'person', assignedTo: as.user.id });
    await expect
      .poll(() => events.map(({ type }) => type))
      .toEqual(expect.arrayContaining(['message', 'conversation']));
    stop();
    expect((await post(`${path}/release`)).body).toMatchObject({ handler: 'team', assignedTo: null });
  });

  it('can take a conversation over and close it', async () => {
    const { conversation } = await write('eva');
    const path = `/conversations/${conversation.id}`;
    expect((await post(`${path}/assign`)).body).toMatchObject({ handler: 'person', assignedTo: as.user.id });
    expect((await post(`${path}/close`)).body).toMatchObject({ status: 'closed' });
    expect((await get('/conversations?status=closed')).body.items.map(({ id }: { id: string }) => id)).toContain(
      conversation.id,
    );
    expect(
      (await get('/conversations?handler=person&status=open')).body.items.map(({ id }: { id: string }) => id),
    ).not.toContain(conversation.id);
  });
});

describe('closing a conversation', () => {
  it('ends what waits for its customer, and nothing else', async () => {
    const [{ conversation }, { conversation: other }] = [await write('gil'), await write('hugo')];
    const waiting = async (conversationId: string, kind: 'contact' | 'time'): Promise<string> => {
      const { body } = await post(`/departments/${department}/runs`, { input: { text: 'oi' } });
      const { id } = body.run;
      await sql(`update platform.runs set status = 'waiting', conversation_id = $2 where id = $1`, [
        id,
        conversationId,
      ]);
      await sql(
        `insert into platform.waits (id, organization_id, run_id, path, kind, conversation_id) values ($1, $2, $3, 'ask', $4, $5)`,
        [uuidv7(), as.organization.id, id, kind, conversationId],
      );
      return id;
    };
    const asking = await waiting(conversation.id, 'contact');
    const kept = [await waiting(conversation.id, 'time'), await waiting(other.id, 'contact')];
    const events: LiveEvent[] = [];
    const stop = server.bus.subscribe(as.organization.id, (event) => void events.push(event));
    await post(`/conversations/${conversation.id}/close`);
    stop();
    const statusOf = async (id: string): Promise<string> => (await get(`/runs/${id}`)).body.status;
    expect(await statusOf(asking)).toBe('canceled');
    expect(await Promise.all(kept.map(statusOf))).toEqual(['waiting', 'waiting']);
    expect(events).toContainEqual({
      type: 'run',
      run: { id: asking, departmentId: department, conversationId: conversation.id, status: 'canceled' },
    });
  });
});

describe('a WhatsApp number', () => {
  const accessToken = 'EAAG-a-token-of-a-system-user';
  const connect = (session: Session, departmentId: string, body = {}) =>
    server.call('POST', '/integrations/whatsapp', {
      as: session,
      body: { departmentId, phoneNumberId: '106540352242922', accessToken, ...body },
    });

  it('is connected with its token sealed, and can be connected again', async () => {
    const first = await connect(as, department, { name: 'Balcão' });
    expect(first).toMatchObject({ status: 201, body: { kind: 'whatsapp', phoneNumberId: '106540352242922' } });
    const again = await connect(as, department, { accessToken: `${accessToken}-2` });
    expect(again.body).toEqual(first.body);
    const everything = JSON.stringify([first.body, (await get('/integrations')).body]);
    expect(everything).not.toContain('EAAG');
    const sealed = await server.db.withOrganization(as.organization.id, async (trx) => {
      const row = await trx('platform.connections').where('provider', 'whatsapp').first('sealed_secret');
      expect(row.sealed_secret.toString('latin1')).not.toContain('EAAG');
      return keyring.open(statementOf(trx), as.organization.id, row.sealed_secret);
    });
    expect(sealed).toBe(`${accessToken}-2`);
  });

  it('answers for one organization only', async () => {
    const other = await server.register('Outra');
    const theirs = await server.call('POST', '/departments', { as: other, body: { name: 'x' } });
    const answer = await connect(other, theirs.body.id);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'phone_number_taken' } } });
  });

  it('is free again once it is disconnected', async () => {
    const { body } = await connect(as, department);
    expect((await server.call('DELETE', `/integrations/${body.id}`, { as })).status).toBe(204);
    const other = await server.register('Outra');
    const theirs = await server.call('POST', '/departments', { as: other, body: { name: 'x' } });
    expect((await connect(other, theirs.body.id)).status).toBe(201);
  });
});

describe('the overview', () => {
  it('counts what was answered and handed over, and how fast', async () => {
    const session = await server.register('Números');
    const organization = session.organization.id;
    const call = (path: string, body?: unknown) => server.call('POST', path, { as: session, body });
    const { body: hired } = await call('/departments', { name: 'x', template: 'customer-service' });
    const { body: simulator } = await call('/integrations/simulator', { departmentId: hired.id });
    const { body: written } = await call(`/simulator/${simulator.id}/messages`, { from: 'ana', text: 'oi' });
    const conversation = written.conversation.id;
    const run = uuidv7();
    const message = `insert into platform.messages (id, organization_id, conversation_id, direction, author, kind, status, run_id, answered_by, sent_at, created_at)
      values ($1, $2, $3, $4, $5, $6, 'sent', $7, $8, now(), $9)`;
    // From one moment: between one statement and the next any time may pass.
    const now = Date.now();
    const ago = (seconds: number) => new Date(now - seconds * 1_000);
    await sql(message, [uuidv7(), organization, conversation, 'in', 'contact', 'text', null, run, ago(3)]);
    await sql(message, [uuidv7(), organization, conversation, 'out', 'team', 'text', run, null, ago(1)]);
    await sql(message, [uuidv7(), organization, conversation, 'out', 'system', 'handoff', run, null, ago(1)]);
    await sql('update platform.conversations set last_message_at = now() where id = $1', [conversation]);
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const { body } = await server.call('GET', `/analytics/overview?from=${from}`, { as: session });
    expect(body).toMatchObject({
      from,
      conversations: 1,
      messagesAnswered: 1,
      handedOff: 1,
      medianAnswerMs: 2000,
      costMicros: 0,
    });
    expect(body.halfHours).toHaveLength(3);
    const sum = (key: 'answered' | 'handedOff') =>
      body.halfHours.reduce((total: number, slot: Record<string, number>) => total + (slot[key] ?? 0), 0);
    expect([sum('answered'), sum('handedOff')]).toEqual([1, 1]);
    expect((await server.call('GET', '/analytics/overview', { as: session })).status).toBe(200);
    expect((await server.call('GET', '/analytics/overview?from=2020-01-01T00:00:00Z', { as: session })).status).toBe(
      400,
    );
  });
});
