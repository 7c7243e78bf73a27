import { describe, expect, it } from 'vitest';
import { cutAt } from './cut.js';
import type { Definition, NodeDefinition } from './definition.js';

const node = (id: string, more: Partial<NodeDefinition> = {}): NodeDefinition => ({
  id,
  type: 'data.set',
  version: 1,
  config: {},
  position: { x: 0, y: 0 },
  ...more,
});
const edge = (from: string, to: string, port = 'out') => ({
  id: `${from}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
});
const definition = (nodes: NodeDefinition[], edges: ReturnType<typeof edge>[]): Definition => ({
  format: 1,
  nodes,
  edges,
  settings: { maxSteps: 5 },
});
const isLoop = ({ type }: NodeDefinition): boolean => type === 'logic.loop';
const idsAt = (whole: Definition, id: string) => cutAt(whole, id, isLoop)?.nodes.map((each) => each.id);

describe('a run up to one step', () => {
  it('has what leads there, on every way, and nothing beside or after it', () => {
    const whole = definition(
      [node('start'), node('left'), node('right'), node('both'), node('after'), node('other')],
      [
        edge('start', 'left'),
        edge('start', 'right'),
        edge('left', 'both'),
        edge('right', 'both'),
        edge('both', 'after'),
        edge('start', 'other'),
      ],
    );
    expect(idsAt(whole, 'both')).toEqual(['start', 'left', 'right', 'both']);
    expect(cutAt(whole, 'left', isLoop)?.edges.map(({ id }) => id)).toEqual(['start-left']);
    expect(cutAt(whole, 'left', isLoop)?.settings).toEqual(whole.settings);
    expect(cutAt(whole, 'nowhere', isLoop)).toBeNull();
  });

  it('enters the containers around it, once, and executes those before it whole', () => {
    const whole = definition(
      [
        node('start'),
        node('before', { type: 'logic.forEach' }),
        node('inBefore', { parentId: 'before' }),
        node('around', { type: 'logic.loop', config: { until: '{{ steps.last.done }}', limit: 9 } }),
        node('first', { parentId: 'around' }),
        node('here', { parentId: 'around' }),
        node('last', { parentId: 'around' }),
      ],
      [edge('start', 'before'), edge('before', 'around'), edge('first', 'here'), edge('here', 'last')],
    );
    expect(idsAt(whole, 'here')).toEqual(['start', 'before', 'inBefore', 'around', 'first', 'here']);
    expect(cutAt(whole, 'here', isLoop)?.nodes.find(({ id }) => id === 'around')?.config).toEqual({
      until: true,
      limit: 1,
    });
    expect(idsAt(whole, 'around')).toEqual(['start', 'before', 'inBefore', 'around', 'first', 'here', 'last']);
    expect(cutAt(whole, 'around', isLoop)?.nodes.find(({ id }) => id === 'around')?.config['limit']).toBe(9);
  });

  it('forgets ways and undoers that were cut off, and survives containers in a circle', () => {
    const whole = definition(
      [
        node('start'),
        node('risky', { onError: 'route', compensateWith: 'undo' }),
        node('rescue'),
        node('next'),
        node('undo'),
        node('a', { parentId: 'b' }),
        node('b', { parentId: 'a' }),
      ],
      [edge('start', 'risky'), edge('risky', 'rescue', 'error'), edge('risky', 'next')],
    );
    const cut = cutAt(whole, 'next', isLoop);
    expect(cut?.nodes.find(({ id }) => id === 'risky')).not.toHaveProperty('onError');
    expect(cut?.nodes.find(({ id }) => id === 'risky')).not.toHaveProperty('compensateWith');
    expect(cutAt(whole, 'rescue', isLoop)?.nodes.find(({ id }) => id === 'risky')?.onError).toBe('route');
    expect(idsAt(whole, 'a')).toEqual(['a', 'b']);
  });
});
