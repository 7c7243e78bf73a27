import { outputsOf } from '#engine/graph/ports.js';
import type { Definition, PublicNode } from '../../api/types.js';

/** What a screen needs to know of a node of the version that ran. */
export interface NodeFacts {
  readonly node: Definition['nodes'][number] | null;
  readonly type: PublicNode | null;
  readonly title: string;
  readonly group: PublicNode['group'];
  /** Among the agents of its team. */
  readonly pieceIndex: number;
  /** The name of the way out of a decision. */
  readonly wayOf: (port: string | null) => string | null;
}

/** The nodes of one version by id. One that the version does not have, which only a fault could show, is called by its id. */
export function nodesOf(
  definition: Definition,
  nodeTypes: readonly PublicNode[],
  locale: 'pt-BR' | 'en',
): (nodeId: string) => NodeFacts {
  const types = new Map(nodeTypes.map((type) => [type.type, type]));
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const agents = definition.nodes.filter(({ type }) => types.get(type)?.group === 'agent').map(({ id }) => id);
  const known = new Map<string, NodeFacts>();
  return (nodeId) => {
    const found = known.get(nodeId);
    if (found) return found;
    const node = nodes.get(nodeId) ?? null;
    const type = (node && types.get(node.type)) ?? null;
    const outputs = node && type ? outputsOf(type, node.config, node.onError) : [];
    const facts: NodeFacts = {
      node,
      type,
      title: node?.title ?? type?.title[locale] ?? nodeId,
      group: type?.group ?? 'logic',
      pieceIndex: Math.max(0, agents.indexOf(nodeId)),
      wayOf: (port) => {
        const way =
          type?.group === 'logic' && outputs.length > 1 ? outputs.find(({ name }) => name === port) : undefined;
        return way ? way.title[locale].toLocaleLowerCase(locale) : null;
      },
    };
    known.set(nodeId, facts);
    return facts;
  };
}
