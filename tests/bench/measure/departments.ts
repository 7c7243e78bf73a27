import type { Definition } from '#engine/graph/definition.js';
import { sketch, type NodeSketch } from '#tests/support/engine/graph.js';

const value = (name: string, expression: string) => ({ values: [{ name, value: expression }] });
const start: NodeSketch = ['start:trigger.manual', {}];
const set: NodeSketch = [
  'set:data.set',
  {
    config: {
      values: [
        { name: 'name', value: '{{ trigger.contact }}' },
        { name: 'total', value: '{{ 1 + 2 }}' },
      ],
    },
  },
];
const isLarge: NodeSketch = ['if:logic.if', { config: { condition: '{{ steps.set.total > 2 }}' } }];
const respond = (id: string): NodeSketch => [`${id}:data.set`, { config: value('text', 'hello {{ steps.set.name }}') }];

/** Trigger, set, if, respond. */
export const flowDepartment = (): Definition =>
  sketch([start, set, isLarge, respond('respond')], 'start>set set>if if.yes>respond');

/** The same with an answer on each side: five nodes, of which four run and one is skipped on record. */
export const queueDepartment = (): Definition =>
  sketch([start, set, isLarge, respond('a'), respond('b')], 'start>set set>if if.yes>a if.no>b');

export const flowInput = { contact: 'Ana', text: 'hello, what are your opening hours?' };

/** Message in, one model call, message out: what a peer's webhook with its AI agent does. */
export const agentDepartment = (): Definition =>
  sketch(
    [
      ['message:trigger.whatsapp', {}],
      ['agent:agent.assistant', { config: { instructions: 'Answer shortly.', tools: [] } }],
      ['send:channel.send', {}],
    ],
    'message.message>agent agent.done>send',
    { burstWindowMs: 0 },
  );

/** `count` steps in a row, each with a value of ordinary size, as a template or a condition gives. */
export function chainOf(count: number, more: readonly NodeSketch[] = [], moreEdges = ''): Definition {
  const text = 'a result of ordinary size, about a hundred characters long, as a template or a condition gives';
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const nodes = ids.map((id): NodeSketch => [`${id}:data.set`, { config: value('text', text) }]);
  const edges = ids.slice(1).map((id, index) => `${ids[index]}>${id}`);
  return sketch([...nodes, ...more], [...edges, moreEdges].join(' '));
}
