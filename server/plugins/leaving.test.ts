import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildTestApp, type TestApp } from '#tests/support/app.js';

let server: TestApp;
let address: URL;
beforeEach(async () => {
  server = await buildTestApp();
  address = new URL(await server.app.listen({ host: '127.0.0.1', port: 0 }));
});
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** A connection, with all that came over it; it says nothing by itself, and answers nobody who hangs up. */
async function dial(): Promise<{ socket: Socket; heard: () => string; ended: Promise<void> }> {
  const socket = connect(Number(address.port), address.hostname);
  sockets.push(socket);
  let heard = '';
  socket.on('data', (data: Buffer) => (heard += data.toString()));
  const ended = new Promise<void>((done) => socket.once('close', () => done()));
  await new Promise<void>((done, fail) => void socket.once('connect', () => done()).once('error', fail));
  return { socket, heard: () => heard, ended };
}
const request = (method: string, path: string, more: readonly string[] = []): string =>
  [`${method} ${path} HTTP/1.1`, `Host: ${address.host}`, ...more, '', ''].join('\r\n');
const upgrade = (token: string): string =>
  request('GET', `/api/v1/realtime?token=${token}`, [
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
  ]);
/** A browser that fell asleep: it is connected, and does not hang up when it is asked to. */
async function sleeper(): Promise<void> {
  const { accessToken } = await server.register();
  const { socket, heard } = await dial();
  socket.write(upgrade(accessToken));
  await vi.waitUntil(() => heard().startsWith('HTTP/1.1 101'), { timeout: 60_000 });
}

describe('a server that is told to stop', () => {
  it('answers what has reached it, in part too, and closes the connection with the answer', async () => {
    const { socket, heard, ended } = await dial();
    const idle = await dial();
    const body = JSON.stringify({
      email: 'lucia@example.com',
      password: 'pão quentinho às 6',
      name: 'Lúcia',
      organizationName: 'Pão',
    });
    const bytes = Buffer.from(body);
    const length = `Content-Length: ${bytes.length}`;
    socket.write(request('POST', '/api/v1/auth/register', ['Content-Type: application/json', length]));
    socket.write(bytes.subarray(0, 20));
    // The server has read it when it answers what came later.
    expect((await fetch(new URL('/healthz', address))).status).toBe(200);
    const closing = server.app.close();
    await vi.waitUntil(() => !server.app.server.listening, { timeout: 60_000 });
    socket.write(bytes.subarray(20));
    await ended;
    // What says nothing is not waited for.
    await idle.ended;
    await closing;
    expect(heard()).toMatch(/^HTTP\/1\.1 201 /);
    expect(heard()).toMatch(/\r\nconnection: close\r\n/i);
    expect(heard()).toContain('accessToken');
  });

  it('waits no longer than a moment for whoever does not hang up', async () => {
    await sleeper();
    const began = performance.now();
    await server.app.close();
    // Left to itself, a WebSocket is waited for for thirty seconds.
    expect(performance.now() - began).toBeLessThan(25_000);
  });
});
