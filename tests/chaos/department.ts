import type { Definition } from '#engine/graph/definition.js';

export const phoneNumberId = '106540352242922';
export const appSecret = 'app-secret';

/** What a customer who wrote this is told in one run, in order. */
export const told = ({ text }: { readonly text: string }): readonly [string, string] => [
  `Recebi: ${text}`,
  `Pronto: ${text}`,
];

/** Six nodes: two messages with a wait that is kept in a checkpoint, a model and a note between them. */
export const department = (pauseSeconds = 1, second = 'Pronto'): Definition => {
  const nodes: readonly [id: string, type: string, config: object, port: string][] = [
    ['start', 'trigger.whatsapp', {}, 'message'],
    ['first', 'channel.send', { text: 'Recebi: {{ trigger.text }}' }, 'out'],
    ['pause', 'logic.delay', { amount: pauseSeconds, unit: 'seconds' }, 'out'],
    ['feel', 'agent.sentiment', {}, 'out'],
    ['note', 'data.set', { values: [{ name: 'mood', value: '{{ steps.feel }}' }] }, 'out'],
    ['second', 'channel.send', { text: `${second}: {{ trigger.text }}` }, 'out'],
  ];
  return {
    format: 1,
    nodes: nodes.map(([id, type, config], index) => ({
      id,
      type,
      version: 1,
      config: config as Definition['nodes'][number]['config'],
      position: { x: index * 200, y: 0 },
    })),
    edges: nodes.slice(1).map(([id], index) => {
      const [from = '', , , port = 'out'] = nodes[index] ?? [];
      return { id: `e${index}`, from: { node: from, port }, to: { node: id, port: 'in' } };
    }),
    settings: {},
  };
};
