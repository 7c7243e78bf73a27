import type { Definition, EdgeDefinition, NodeDefinition } from '../definition.js';

type NodeParts = Partial<Omit<NodeDefinition, 'id' | 'type' | 'config'>>;

/** Builds definitions for tests: nodes by call, edges as `a.port>b`. */
export class GraphBuilder {
  readonly #nodes: NodeDefinition[] = [];
  readonly #edges: EdgeDefinition[] = [];

  node(id: string, type: string, config: Record<string, unknown> = {}, parts: NodeParts = {}): this {
    const node = {
      id,
      type,
      version: 1,
      config: config as NodeDefinition['config'],
      position: { x: 0, y: 0 },
      ...parts,
    };
    this.#nodes.push(node);
    return this;
  }

  /** `edges('start>search', 'ask.timeout>end')`; the port is `out` unless said. Ids are the texts themselves. */
  edges(...edges: string[]): this {
    for (const id of edges) {
      const [from = '', to = ''] = id.split('>');
      const [node = '', port = 'out'] = from.split('.');
      this.#edges.push({ id, from: { node, port }, to: { node: to, port: 'in' } });
    }
    return this;
  }

  build(): Definition {
    return { format: 1, nodes: this.#nodes, edges: this.#edges, settings: {} };
  }
}

export const graph = (): GraphBuilder => new GraphBuilder();

/** A department without problems: a message, a search, an answer written from it and sent. */
export const goodGraph = (): GraphBuilder =>
  graph()
    .node('start', 'trigger.message')
    .node('search', 'data.search', { query: '{{ trigger.text }}' })
    .node('write', 'agent.write', {
      instructions: 'Responda {{ coalesce(contact.name, "amigo") }}: {{ steps.search.passages }}',
    })
    .node('send', 'channel.send', { text: '{{ steps.write.text }}', buttons: [{ id: 'ok', title: 'Valeu' }] })
    .edges('start>search', 'search>write', 'write>send');
