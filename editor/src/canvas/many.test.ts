import { describe, expect, it } from 'vitest';
import type { AnyNode } from './drawing.js';
import { arrivedOf } from './many.js';
import { RestingHand } from './restingHand.js';

describe('a hand', () => {
  const watched = () => {
    const page = new EventTarget();
    const hand = new RestingHand();
    const stop = hand.watch(page as unknown as Window);
    const say = (kind: string, values: object = {}) => page.dispatchEvent(Object.assign(new Event(kind), values));
    const done: string[] = [];
    const ask = (name: string) => hand.whenResting(() => done.push(name));
    return { say, done, ask, stop };
  };

  it('that rests is not waited for', () => {
    const { ask, done } = watched();
    ask('a');
    expect(done).toEqual(['a']);
  });

  it('is waited for while any pointer is down, wherever it is let go', () => {
    const { ask, done, say } = watched();
    say('pointerdown', { pointerId: 1 });
    say('pointerdown', { pointerId: 2 });
    ask('a');
    say('pointerup', { pointerId: 1 });
    say('pointermove', { pointerId: 2, buttons: 1 });
    expect(done).toEqual([]);
    say('pointermove', { pointerId: 2, buttons: 0 });
    expect(done).toEqual(['a']);
    say('pointerdown', { pointerId: 1 });
    const never = ask('b');
    never();
    ask('c');
    say('pointercancel', { pointerId: 1 });
    expect(done).toEqual(['a', 'c']);
  });

  it('that types or turns the wheel rests a moment later', async () => {
    const { ask, done, say } = watched();
    say('keydown');
    ask('a');
    say('wheel');
    expect(done).toEqual([]);
    await expect.poll(() => done, { timeout: 15_000 }).toEqual(['a']);
  });
});

describe('steps that arrive', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
    id,
    ...(id === 'e' && { parentId: 'd' }),
  })) as unknown as AnyNode[];
  const there = (count: number, ...chosen: string[]) => arrivedOf(nodes, count, new Set(chosen)).map(({ id }) => id);

  it('come in their order, and whatever is selected with what is around it', () => {
    expect(there(2)).toEqual(['a', 'b']);
    expect(there(2, 'b', 'c')).toEqual(['a', 'b', 'c']);
    expect(there(1, 'e')).toEqual(['a', 'd', 'e']);
    expect(there(9, 'e', 'gone')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
