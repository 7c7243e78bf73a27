import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEvent } from '#engine/graph/events.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../api/auth/schemas.js';
import { createOutbox } from './outbox.js';
import { SESSION_OVER } from './routes.js';

let server: TestApp;
let session: Session;
let address: string;
const opened: WebSocket[] = [];
beforeAll(async () => {
  server = await buildTestApp();
  session = await server.register();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  address = `127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});
afterAll(() => server.close());

/** A socket with everything it has received, from the first message on. */
function open(token: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://${address}/api/v1/realtime?token=${token}`, { headers });
  opened.push(socket);
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  return { socket, received };
}

/** The status that the upgrade was refused with. */
async function refusal(token: string, headers: Record<string, string> = {}): Promise<number> {
  const { socket } = open(token, headers);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

const event = (id: string): LiveEvent => ({ type: 'department', department: { id, status: 'active' } });

describe('live events', () => {
  it('reach the browsers of their organization, after a first word, and nobody else', async () => {
    const other = await server.register('Outra');
    const [ours, theirs] = [open(session.accessToken), open(other.accessToken)];
    await expect.poll(() => [ours.received, theirs.received]).toEqual([[{ type: 'ready' }], [{ type: 'ready' }]]);
    server.bus.publish(session.organization.id, event('1'));
    server.bus.publish(other.organization.id, event('2'));
    await expect.poll(() => ours.received).toEqual([{ type: 'ready' }, event('1')]);
    await expect.poll(() => theirs.received).toEqual([{ type: 'ready' }, event('2')]);
  });

  it('tell when a department goes live', async () => {
    const { received } = open(session.accessToken);
    await expect.poll(() => received.length).toBe(1);
    const { body } = await server.call('POST', '/departments', {
      as: session,
      body: { name: 'x', template: 'customer-service' },
    });
    await server.call('POST', `/departments/${body.id}/publish`, { as: session });
    await expect.poll(() => received).toContainEqual(event(body.id));
  });

  it('need a token', async () => {
    expect(await refusal('')).toBe(401);
    expect(await refusal('a.b.c')).toBe(401);
  });

  it('are not for pages of others', async () => {
    expect(await refusal(session.accessToken, { origin: 'https://evil.example' })).toBe(403);
    expect(await refusal(session.accessToken, { origin: 'null' })).toBe(403);
    const { received } = open(session.accessToken, { origin: `http://${address}` });
    await expect.poll(() => received).toEqual([{ type: 'ready' }]);
  });

  it('end with the token', async () => {
    const [, payload = ''] = session.accessToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const { id, privateKey } = server.keys.current();
    // A busy machine may come to use it only when it is over: the next one lives longer.
    const endOf = async (seconds: number): Promise<number> => {
      expect(seconds).toBeLessThan(60);
      const brief = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) + seconds })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: id })
        .sign(privateKey);
      const { socket, received } = open(brief);
      socket.on('error', () => {});
      const [code] = (await once(socket, 'close')) as [number];
      return received.length > 0 ? code : endOf(2 * seconds);
    };
    expect(await endOf(3)).toBe(SESSION_OVER);
  });

  it('are not disturbed by what a browser says', async () => {
    const { socket, received } = open(session.accessToken);
    await expect.poll(() => received.length).toBe(1);
    socket.send('{"type":"subscribe","organizationId":"other"}');
    socket.send(Buffer.from([0xff, 0x00]));
    server.bus.publish(session.organization.id, event('3'));
    await expect.poll(() => received.at(-1)).toEqual(event('3'));
  });

  it('stop when a browser sends more than it has any reason to', async () => {
    const { socket } = open(session.accessToken);
    await once(socket, 'open');
    socket.send('x'.repeat(100_000));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
  });
});

describe('a browser that reads too slowly', () => {
  it('loses events and is told so once, when it has caught up', () => {
    const sent: { type: string }[] = [];
    const flushed: (() => void)[] = [];
    const socket = {
      OPEN: 1 as const,
      readyState: 1 as const,
      bufferedAmount: 0,
      send(text: string, done: () => void) {
        sent.push(JSON.parse(text));
        flushed.push(done);
      },
    };
    // The double stands for the network, which cannot be slowed down to the byte.
    const outbox = createOutbox(socket as unknown as WebSocket);
    outbox.send({ type: 'a' });
    socket.bufferedAmount = 2_000_000;
    outbox.send({ type: 'lost' });
    outbox.send({ type: 'lost too' });
    expect(sent).toEqual([{ type: 'a' }]);
    socket.bufferedAmount = 0;
    for (const done of flushed.splice(0)) done();
    outbox.send({ type: 'b' });
    expect(sent).toEqual([{ type: 'a' }, { type: 'gap' }, { type: 'b' }]);
  });
});
