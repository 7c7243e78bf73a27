import { expect, test } from 'vitest';
import { Room } from './room.js';

test('so many at a time, the urgent before those that came earlier, and a place is free again whatever happens in it', async () => {
  const room = new Room(2);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const enter = (name: string, urgent = false): Promise<string | null> =>
    room
      .use(urgent, async () => {
        begun.push(name);
        await new Promise<void>((resolve, reject) => ends.set(name, (error) => (error ? reject(error) : resolve())));
        return name;
      })
      .catch(() => null);
  const end = async (name: string, error?: Error): Promise<void> => {
    ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const all = [enter('a'), enter('b'), enter('c'), enter('d'), enter('hurried', true)];
  await end('nobody');
  expect(begun).toEqual(['a', 'b']);
  await end('b', new Error('it failed'));
  expect(begun).toEqual(['a', 'b', 'hurried']);
  await end('a');
  await end('hurried');
  expect(begun).toEqual(['a', 'b', 'hurried', 'c', 'd']);
  await end('c');
  all.push(enter('e'));
  await end('nobody');
  expect(begun.at(-1)).toBe('e');
  await end('d');
  await end('e');
  expect(await Promise.all(all)).toEqual(['a', null, 'c', 'd', 'hurried', 'e']);
});
