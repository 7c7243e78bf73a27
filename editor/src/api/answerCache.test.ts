import { InfiniteQueryObserver, QueryObserver } from '@tanstack/react-query';
import { expect, it, onTestFinished, vi } from 'vitest';
import { AnswerCache } from './answerCache.js';

/** A server with one number, which is counted up, and whose answers leave when they are let go. */
function counter() {
  const cache = new AnswerCache({ defaultOptions: { queries: { staleTime: 60_000, retry: false } } });
  onTestFinished(() => cache.clear());
  const held: { go(): void; fail(): void }[] = [];
  const server = { count: 0, asked: 0, held, cache };
  const ask = (page: unknown = ''): Promise<string> => {
    const answer = `${String(page)}${server.count}`;
    server.asked++;
    return new Promise((done, fail) => held.push({ go: () => done(answer), fail: () => fail(new Error('away')) }));
  };
  /** Shows it, as a page does; returns what is seen. */
  const look = (): (() => unknown) => {
    const observer = new QueryObserver<string>(cache, { queryKey: ['count'], queryFn: () => ask() });
    onTestFinished(observer.subscribe(() => {}));
    return () => observer.getCurrentResult().data;
  };
  return Object.assign(server, { ask, look, tell: () => cache.invalidateQueries({ queryKey: ['count'] }) });
}
const begun = (server: { asked: number }, readings: number) =>
  vi.waitFor(() => expect(server.asked).toBe(readings), 60_000);

it('reads again what changed while it was read for the first time', async () => {
  const server = counter();
  const look = server.look();
  await begun(server, 1);
  server.count = 1;
  const told = vi.fn<() => void>();
  void server.tell().then(told);
  server.held[0]?.go();
  await expect.poll(look).toBe('0');
  await begun(server, 2);
  expect(told).not.toHaveBeenCalled();
  server.held[1]?.go();
  await expect.poll(look).toBe('1');
  await expect.poll(() => told.mock.calls.length).toBe(1);
});

it('reads again what changed while the first reading failed', async () => {
  const server = counter();
  const look = server.look();
  await begun(server, 1);
  server.count = 1;
  void server.tell();
  server.held[0]?.fail();
  await begun(server, 2);
  server.held[1]?.go();
  await expect.poll(look).toBe('1');
});

it('reads again, once somebody looks, what changed while it was fetched ahead', async () => {
  const server = counter();
  const ahead = server.cache.prefetchQuery({ queryKey: ['count'], queryFn: () => server.ask() });
  server.count = 1;
  void server.tell();
  server.held[0]?.go();
  await ahead;
  expect(server.asked).toBe(1);
  const look = server.look();
  await begun(server, 2);
  server.held[1]?.go();
  await expect.poll(look).toBe('1');
});

it('takes for fresh what it wrote in itself only where nothing else is missing', async () => {
  const server = counter();
  const ahead = server.cache.prefetchQuery({ queryKey: ['count'], queryFn: () => server.ask() });
  server.held[0]?.go();
  await ahead;
  server.count = 2;
  await server.tell();
  server.cache.setQueryData(['count'], '1');
  const look = server.look();
  await begun(server, 2);
  server.held[1]?.go();
  await expect.poll(look).toBe('2');
  server.cache.setQueryData(['count'], '3');
  server.look();
  expect([server.asked, look()]).toEqual([2, '3']);
});

it('shows what is read of what changes faster than it can be read, and asks no more than one reading ahead', async () => {
  const server = counter();
  const look = server.look();
  await begun(server, 1);
  for (let reading = 0; reading < 5; reading++) {
    for (let change = 0; change < 10; change++) {
      server.count++;
      void server.tell();
    }
    server.held[reading]?.go();
    await expect.poll(look).toBe(`${reading * 10}`);
    await begun(server, reading + 2);
  }
  server.held[5]?.go();
  await expect.poll(look).toBe('50');
  expect(server.asked).toBe(6);
});

it('reads again from the top although a page further down is asked for meanwhile', async () => {
  const server = counter();
  const observer = new InfiniteQueryObserver(server.cache, {
    queryKey: ['count'],
    queryFn: ({ pageParam }) => server.ask(pageParam),
    initialPageParam: 'a',
    getNextPageParam: (last: string) => (last.startsWith('a') ? 'b' : null),
  });
  onTestFinished(observer.subscribe(() => {}));
  const look = () => observer.getCurrentResult().data?.pages;
  await begun(server, 1);
  server.held[0]?.go();
  await expect.poll(look).toEqual(['a0']);
  server.count = 1;
  void server.tell();
  await begun(server, 2);
  void observer.fetchNextPage();
  await begun(server, 3);
  for (let reading = 1; reading < 5; reading++) {
    await begun(server, Math.max(3, reading + 1));
    server.held[reading]?.go();
  }
  await expect.poll(look).toEqual(['a1', 'b1']);
});
