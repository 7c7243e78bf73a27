import { MemorySaver } from '@langchain/langgraph-checkpoint';
import { LastValue, NamedBarrierValue, type BaseChannel } from '@langchain/langgraph/channels';
import { Pregel } from '@langchain/langgraph/pregel';
import { describe, expect, it } from 'vitest';
import { proceed } from './compile.js';
import { pregelNode, SEND_KEY, type PregelNodeOptions } from './pregelNode.js';

/** What we expect of LangGraph beyond its documentation. When one of these fails after an update, the engine cannot take it. */
describe('LangGraph', () => {
  const build = (nodes: readonly PregelNodeOptions[], channels: Record<string, BaseChannel>) =>
    new Pregel({
      nodes: Object.fromEntries(nodes.map((node) => [node.name, pregelNode(node)])),
      channels: { trigger: new LastValue(), ...channels } as Record<string, BaseChannel>,
      inputChannels: ['trigger'],
      outputChannels: [],
      streamChannels: ['trigger', ...Object.keys(channels)],
      streamMode: ['custom'],
      checkpointer: new MemorySaver(),
    });
  const config = { configurable: { thread_id: 't' } };
  const valuesOf = async (graph: ReturnType<typeof build>): Promise<unknown> => (await graph.getState(config)).values;

  it(`gives a node the function ${SEND_KEY}, which takes all its writes at once`, async () => {
    const seen: unknown[] = [];
    const graph = build(
      [
        {
          name: 'a',
          triggers: ['trigger'],
          reads: ['trigger'],
          run: (state, given) => {
            seen.push(typeof given.configurable?.[SEND_KEY], state);
            return [
              ['x', 1],
              ['y', 2],
            ];
          },
        },
      ],
      { x: new LastValue(), y: new LastValue() },
    );
    await graph.invoke({ trigger: 'go' }, config);
    expect(seen).toEqual(['function', { trigger: 'go' }]);
    expect(await valuesOf(graph)).toEqual({ trigger: 'go', x: 1, y: 2 });
  });

  it('can be taken step by step without a stream, keeps what it came to, and throws what a node throws', async () => {
    const graph = build(
      [
        { name: 'a', triggers: ['trigger'], reads: ['trigger'], run: () => [['x', 1]] },
        {
          name: 'b',
          triggers: ['x'],
          reads: ['trigger'],
          run: async (state) => {
            if (state['trigger'] === 'fail') throw new Error('the oven is cold');
            return [['y', 2]];
          },
        },
      ],
      { x: new LastValue(), y: new LastValue() },
    );
    await proceed(graph, { trigger: 'go' }, config);
    expect(await valuesOf(graph)).toEqual({ trigger: 'go', x: 1, y: 2 });
    const other = { configurable: { thread_id: 'other' } };
    await expect(proceed(graph, { trigger: 'fail' }, other)).rejects.toThrow('the oven is cold');
  });

  it('passes what is in `configurable` to nodes as it is, and keeps it out of checkpoints', async () => {
    const runner = { run: () => 'mine' };
    const seen: unknown[] = [];
    const graph = build(
      [
        {
          name: 'a',
          triggers: ['trigger'],
          reads: [],
          run: (_, given) => {
            seen.push(given.configurable?.['runner']);
            return [['x', 1]];
          },
        },
      ],
      { x: new LastValue() },
    );
    await graph.invoke({ trigger: 1 }, { configurable: { ...config.configurable, runner } });
    expect(seen[0]).toBe(runner);
    expect(JSON.stringify((await graph.getState(config)).metadata)).not.toContain('runner');
  });

  it('fires a barrier when every name has come, once', async () => {
    const ran: string[] = [];
    const node = (name: string, trigger: string, channel: string, value: unknown): PregelNodeOptions => ({
      name,
      triggers: [trigger],
      reads: [],
      run: () => {
        ran.push(name);
        return [[channel, value]];
      },
    });
    const graph = build(
      [
        node('a', 'trigger', 'both', 'a'),
        node('b', 'trigger', 'later', true),
        node('c', 'later', 'both', 'c'),
        node('join', 'both', 'end', true),
      ],
      { both: new NamedBarrierValue(new Set(['a', 'c'])), later: new LastValue(), end: new LastValue() },
    );
    await graph.invoke({ trigger: 1 }, config);
    expect(ran).toEqual(['a', 'b', 'c', 'join']);
  });

  it('turns `updateState` into writes by the writers of a node, which wake others', async () => {
    const graph = build(
      [
        {
          name: 'a',
          triggers: ['trigger', 'wake'],
          reads: ['trigger', 'answer'],
          run: (state) => [['result', state['answer'] ?? 'asked']],
        },
        { name: 'b', triggers: ['result'], reads: ['result'], run: (state) => [['end', state['result']]] },
      ],
      { answer: new LastValue(), wake: new LastValue(), result: new LastValue(), end: new LastValue() },
    );
    await graph.invoke({ trigger: 1 }, config);
    expect(await valuesOf(graph)).toMatchObject({ end: 'asked' });
    await graph.updateState(config, { answer: 'yes', wake: true }, 'a');
    expect((await graph.getState(config)).next).toEqual(['a']);
    await graph.invoke(null, config);
    expect(await valuesOf(graph)).toMatchObject({ result: 'yes', end: 'yes' });
  });

  it('lets what a node throws through', async () => {
    const failure = new Error('mine');
    const graph = build([{ name: 'a', triggers: ['trigger'], reads: [], run: () => Promise.reject(failure) }], {});
    await expect(graph.invoke({ trigger: 1 }, config)).rejects.toBe(failure);
  });
});
