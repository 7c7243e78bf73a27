import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished, vi } from 'vitest';
import { lineTo } from '#tests/support/outage.js';
import { listenOn, sayOn, type Said } from './line.js';

const url = process.env['REDIS_URL'] ?? '';
const open = (at = url): Redis => {
  const redis = new Redis(at, { maxRetriesPerRequest: null });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
};
const said = (...texts: string[]): Said[] => texts.map((text) => ({ text, place: 0 }));
const patiently = { timeout: 20_000 };

it('what is said is heard once, by one of those that listen, and what waits is not said twice', async () => {
  const [prefix, name, speaker] = [randomUUID(), 'waiting', open()];
  const heard: string[] = [];
  await sayOn(speaker, prefix, name, said('a', 'b'));
  await sayOn(speaker, prefix, name, said('b', 'c'));
  const listeners = [1, 2].map(() =>
    listenOn(open(), prefix, name, { atOnce: 8, onError: () => {} }, async (text) => void heard.push(text)),
  );
  await sayOn(speaker, prefix, name, said('d'));
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(['a', 'b', 'c', 'd']), patiently);
  await Promise.all(listeners.map((listener) => listener.close()));
  await sayOn(speaker, prefix, name, said('e'));
  expect(await speaker.zcard(`${prefix}:line:${name}`)).toBe(1);
  expect(heard).toHaveLength(4);
});

it('no more are dealt with at once than may be: the others stay for whoever has room', async () => {
  const [prefix, name, speaker] = [randomUUID(), 'waiting', open()];
  const begun: string[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const busy = listenOn(open(), prefix, name, { atOnce: 1, onError: () => {} }, async (text) => {
    begun.push(text);
    await finished;
  });
  await sayOn(speaker, prefix, name, said('a', 'b'));
  await vi.waitFor(() => expect(begun).toEqual(['a']), patiently);
  const others: string[] = [];
  const other = listenOn(
    open(),
    prefix,
    name,
    { atOnce: 1, onError: () => {} },
    async (text) => void others.push(text),
  );
  await vi.waitFor(() => expect(others).toEqual(['b']), patiently);
  finish();
  await Promise.all([busy.close(), other.close()]);
});

it('listens again when its connection was cut, and can be closed while it is', async () => {
  const [prefix, name, speaker] = [randomUUID(), 'waiting', open()];
  const heard: string[] = [];
  const way = await lineTo(url);
  onTestFinished(() => way.close());
  const ear = open(way.url);
  const listener = listenOn(ear, prefix, name, { atOnce: 1, onError: () => {} }, async (text) => void heard.push(text));
  await vi.waitFor(() => expect(ear.status).toBe('ready'), patiently);
  way.cut();
  way.mend();
  await sayOn(speaker, prefix, name, said('a'));
  await vi.waitFor(() => expect(heard).toEqual(['a']), patiently);
  way.cut();
  await vi.waitFor(() => expect(ear.status).toBe('reconnecting'), patiently);
  await listener.close();
});

it('who has a lower place is heard first, and of one place the one whose text comes first', async () => {
  const [prefix, name, speaker] = [randomUUID(), 'inbound', open()];
  await sayOn(speaker, prefix, name, [
    { text: 'far b', place: 7 },
    { text: 'far a', place: 7 },
    { text: 'near', place: 1 },
  ]);
  // Said again by a sweep, which knows of no place: it keeps the one it has.
  await sayOn(speaker, prefix, name, said('far b'));
  const heard: string[] = [];
  const listener = listenOn(
    open(),
    prefix,
    name,
    { atOnce: 1, onError: () => {} },
    async (text) => void heard.push(text),
  );
  await vi.waitFor(() => expect(heard).toEqual(['near', 'far a', 'far b']), patiently);
  await listener.close();
});

it('what was said at once is heard in one turn, as much of it as there is room for', async () => {
  const [prefix, name, speaker] = [randomUUID(), 'first-inbound', open()];
  let turn = 0;
  let ticking = setImmediate(function tick() {
    turn += 1;
    ticking = setImmediate(tick);
  });
  onTestFinished(() => clearImmediate(ticking));
  const heard: (readonly [text: string, turn: number])[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const listener = listenOn(open(), prefix, name, { atOnce: 3, onError: () => {} }, async (text) => {
    heard.push([text, turn]);
    await finished;
  });
  await sayOn(speaker, prefix, name, said('a', 'b', 'c', 'd'));
  await vi.waitFor(() => expect(heard).toHaveLength(3), patiently);
  expect(heard).toEqual(['a', 'b', 'c'].map((text) => [text, heard[0]?.[1]]));
  expect(await speaker.zrange(`${prefix}:line:${name}`, '0', '-1')).toEqual(['d']);
  finish();
  await vi.waitFor(() => expect(heard).toHaveLength(4), patiently);
  await listener.close();
});
