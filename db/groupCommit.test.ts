import { describe, expect, it, vi } from 'vitest';
import { GroupCommit } from './groupCommit.js';

describe('GroupCommit', () => {
  it('sends what is ready in one turn together, and what comes meanwhile after it, in order', async () => {
    const flushes: number[][] = [];
    const commits = new GroupCommit<number, number>(async (rows) => {
      flushes.push([...rows]);
      if (flushes.length === 1) void Promise.all([commits.add(4), commits.add(5)]);
      return rows.map((row) => row * 10);
    });
    expect(await Promise.all([1, 2, 3].map((row) => commits.add(row)))).toEqual([10, 20, 30]);
    expect(await commits.add(6)).toBe(60);
    expect(flushes).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('tells everyone in a flush that it failed, and goes on with the next', async () => {
    let broken = true;
    const commits = new GroupCommit<number, number>(async (rows) => {
      if (broken) throw new Error('all');
      return rows;
    });
    const both = await Promise.allSettled([commits.add(1), commits.add(2)]);
    expect(both.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await commits.add(3)).toBe(3);
  });

  it('sends no more at once than it is told', async () => {
    const sizes: number[] = [];
    const commits = new GroupCommit<number, number>(
      async (rows) => {
        sizes.push(rows.length);
        return rows;
      },
      { maxRows: 4 },
    );
    await Promise.all(Array.from({ length: 10 }, (_, index) => commits.add(index)));
    expect(sizes).toEqual([4, 4, 2]);
  });

  it('in a hurry goes before the turn of the event loop is over, still with what was added in one go', async () => {
    const order: string[] = [];
    const commits = new GroupCommit<number>(async (rows) => void order.push(`flush ${rows.join()}`), { hurry: true });
    const turn = new Promise<void>((resolve) => setImmediate(() => resolve(void order.push('turn'))));
    await Promise.all([commits.add(1), commits.add(2)]);
    await commits.add(3);
    await turn;
    expect(order).toEqual(['flush 1,2', 'flush 3', 'turn']);
  });

  it('gathers for as long as it is told to where nobody waits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const flushes: number[][] = [];
      const commits = new GroupCommit<number>(async (rows) => void flushes.push([...rows]), { patienceOf: () => 100 });
      const first = commits.add(1);
      await vi.advanceTimersByTimeAsync(99);
      const second = commits.add(2);
      expect(flushes).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await Promise.all([first, second]);
      expect(flushes).toEqual([[1, 2]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets the patient wait for company, and takes them along, in order, with whoever does not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const flushes: number[][] = [];
      const commits = new GroupCommit<number>(async (rows) => void flushes.push([...rows]), {
        patienceOf: (row) => (row < 10 ? 100 : 0),
      });
      const patient = commits.add(1);
      await vi.advanceTimersByTimeAsync(50);
      expect(flushes).toEqual([]);
      await Promise.all([patient, commits.add(10), commits.add(2)]);
      expect(flushes).toEqual([[1, 10, 2]]);
      // Nobody is left for the time of the first; the next waits its own.
      const next = commits.add(3);
      await vi.advanceTimersByTimeAsync(99);
      expect(flushes).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      await next;
      expect(flushes).toEqual([[1, 10, 2], [3]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts rows by their size', async () => {
    const flushes: number[][] = [];
    const commits = new GroupCommit<number>(async (rows) => void flushes.push([...rows]), {
      maxRows: 10,
      sizeOf: (row) => row,
    });
    await Promise.all([commits.add(6), commits.add(6), commits.add(30), commits.add(1)]);
    expect(flushes).toEqual([[6, 6], [30], [1]]);
  });
});
