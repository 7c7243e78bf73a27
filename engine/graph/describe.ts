import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Definition, NodeDefinition } from './definition.js';
import { levelOf, type Level } from './levels.js';
import { outputsOf } from './ports.js';

/** A department as a list to read from top to bottom: how a phone and a screen reader show the graph. */
export interface DescribedStep {
  readonly nodeId: string;
  readonly title: string;
  /** The node type's own title. */
  readonly kind: string;
  /** 0 at the top; each container around it adds one. */
  readonly depth: number;
  /** Steps this one comes after, and the way out each is left by when it has several. */
  readonly after: readonly { readonly nodeId: string; readonly title: string; readonly way: string | null }[];
}

/** The steps of a valid definition in the order they run, bodies right after their containers. Throws `CycleError` on a circle. */
export function describeSteps(
  definition: Definition,
  nodeTypes: readonly PublicNode[],
  locale: Locale = 'pt-BR',
): readonly DescribedStep[] {
  const types = new Map(nodeTypes.map((type) => [`${type.type}@${type.version}`, type]));
  const typeOf = (node: NodeDefinition): PublicNode | undefined => types.get(`${node.type}@${node.version}`);
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const titleOf = (node: NodeDefinition): string => node.title || (typeOf(node)?.title[locale] ?? node.type);

  const wayOf = (node: NodeDefinition, port: string): string | null => {
    const type = typeOf(node);
    const outputs = type ? outputsOf(type, node.config, node.onError) : [];
    if (outputs.length < 2) return null;
    return outputs.find((output) => output.name === port)?.title[locale] ?? port;
  };
  const walk = (level: Level, depth: number): DescribedStep[] =>
    level.order.flatMap((node) => {
      const after = (level.incoming.get(node.id) ?? []).flatMap(({ from }) => {
        const source = nodes.get(from.node);
        return source ? [{ nodeId: source.id, title: titleOf(source), way: wayOf(source, from.port) }] : [];
      });
      const kind = typeOf(node)?.title[locale] ?? node.type;
      const body = level.children.get(node.id);
      return [{ nodeId: node.id, title: titleOf(node), kind, depth, after }, ...(body ? walk(body, depth + 1) : [])];
    });
  return walk(levelOf(definition), 0);
}
