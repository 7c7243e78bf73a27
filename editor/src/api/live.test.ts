import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { createLive, defaultBackoff } from './live.js';
import type { LiveEvent } from './types.js';

/** A real socket server that says it is ready, and can drop everyone. */
async function realtime() {
  const server = new WebSocketServer({ port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => socket.send('{"type":"ready"}'));
  onTestFinished(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `ws://127.0.0.1:${port}`,
    clients: server.clients,
    send: (event: LiveEvent | { type: 'gap' }) =>
      server.clients.forEach((socket) => socket.send(JSON.stringify(event))),
    drop: () => server.clients.forEach((socket) => socket.terminate()),
  };
}

const event: LiveEvent = { type: 'department', department: { id: 'd', status: 'active' } };
const { WebSocket } = await import('ws');
const open = (url: string) => new WebSocket(url) as unknown as globalThis.WebSocket;

it('tells every listener, over one socket', async () => {
  const server = await realtime();
  const live = createLive({ address: async () => server.url, open });
  const heard: LiveEvent[] = [];
  const stops = [live.listen((received) => heard.push(received)), live.listen((received) => heard.push(received))];
  await vi.waitFor(() => expect(server.clients.size).toBe(1), 60_000);
  server.send(event);
  await vi.waitFor(() => expect(heard).toEqual([event, event]), 60_000);
  stops.forEach((stop) => stop());
  await vi.waitFor(() => expect(server.clients.size).toBe(0), 60_000);
});

it('says that there may be a gap once it stands, at first and after a disconnection: what was read before may be older', async () => {
  const server = await realtime();
  const live = createLive({ address: async () => server.url, open, backoff: () => 5 });
  onTestFinished(() => live.close());
  const gap = vi.fn<() => void>();
  const states: boolean[] = [];
  live.onState((connected) => states.push(connected));
  const stop = live.listen(() => undefined, gap);
  await vi.waitFor(() => expect(states).toEqual([true]), 60_000);
  await vi.waitFor(() => expect(gap).toHaveBeenCalledTimes(1), 60_000);
  server.drop();
  await vi.waitFor(() => expect(states).toEqual([true, false, true]), 60_000);
  await vi.waitFor(() => expect(gap).toHaveBeenCalledTimes(2), 60_000);
  stop();
  // Nobody listens for a while, and then somebody does.
  await vi.waitFor(() => expect(server.clients.size).toBe(0), 60_000);
  live.listen(() => undefined, gap);
  await vi.waitFor(() => expect(gap).toHaveBeenCalledTimes(3), 60_000);
});

it('takes it as a gap when the server had to leave events out', async () => {
  const server = await realtime();
  const live = createLive({ address: async () => server.url, open });
  onTestFinished(() => live.close());
  const gap = vi.fn<() => void>();
  const heard = vi.fn<(event: LiveEvent) => void>();
  const stop = live.listen(heard, gap);
  await vi.waitFor(() => expect(gap).toHaveBeenCalledTimes(1), 60_000);
  server.send({ type: 'gap' });
  await vi.waitFor(() => expect(gap).toHaveBeenCalledTimes(2), 60_000);
  expect(heard).not.toHaveBeenCalled();
  stop();
});

it('opens nothing for somebody who is not signed in', async () => {
  const opened = vi.fn<typeof open>(open);
  const live = createLive({ address: async () => null, open: opened });
  const stop = live.listen(() => undefined);
  await Promise.resolve();
  await Promise.resolve();
  expect(opened).not.toHaveBeenCalled();
  stop();
});

it('waits longer after each failure, half a minute at most', () => {
  expect(defaultBackoff(0)).toBeLessThanOrEqual(500);
  expect(defaultBackoff(4)).toBeGreaterThan(defaultBackoff(0));
  expect(defaultBackoff(60)).toBeLessThanOrEqual(30_000);
});
