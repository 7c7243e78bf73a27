import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { outputsOf } from '#engine/graph/ports.js';

/** What operations ask about node types. */
export interface NodeKinds {
  isTrigger(node: NodeDefinition): boolean;
  isContainer(node: NodeDefinition): boolean;
  /** Whether such a step may work with what came right before it, without naming it. Those that think or work with data name what they read. */
  usesInput(node: NodeDefinition): boolean;
  /** Names of the ways in and out; `null` when the type is not known. */
  waysIn(node: NodeDefinition): readonly string[] | null;
  waysOut(node: NodeDefinition): readonly string[] | null;
}

export function kindsOf(nodeTypes: readonly PublicNode[]): NodeKinds {
  const types = new Map(nodeTypes.map((type) => [`${type.type}@${type.version}`, type]));
  const typeOf = (node: NodeDefinition): PublicNode | undefined => types.get(`${node.type}@${node.version}`);
  return {
    isTrigger: (node) => typeOf(node)?.kind === 'trigger',
    isContainer: (node) => ['loop', 'forEach', 'department'].includes(typeOf(node)?.kind ?? ''),
    usesInput: (node) => !['agent', 'data'].includes(typeOf(node)?.group ?? ''),
    waysIn: (node) => typeOf(node)?.inputs.map(({ name }) => name) ?? null,
    waysOut(node) {
      const type = typeOf(node);
      return type ? outputsOf(type, node.config, node.onError).map(({ name }) => name) : null;
    },
  };
}

/** Why an edge cannot be drawn. */
export type ConnectionRefusal =
  'missing' | 'self' | 'intoTrigger' | 'acrossLevels' | 'noSuchPort' | 'duplicate' | 'circle';

/** Why these two ports cannot be joined; `null` when they can. */
export function connectionRefusal(
  definition: Definition,
  kinds: NodeKinds,
  from: EdgeDefinition['from'],
  to: EdgeDefinition['to'],
): ConnectionRefusal | null {
  const find = (id: string): NodeDefinition | undefined => definition.nodes.find((node) => node.id === id);
  const [source, target] = [find(from.node), find(to.node)];
  if (!source || !target) return 'missing';
  if (source === target) return 'self';
  if (kinds.isTrigger(target)) return 'intoTrigger';
  if (source.parentId !== target.parentId) return 'acrossLevels';
  const hasPorts =
    kinds.waysOut(source)?.includes(from.port) !== false && kinds.waysIn(target)?.includes(to.port) !== false;
  if (!hasPorts) return 'noSuchPort';
  const same = (edge: EdgeDefinition): boolean =>
    edge.from.node === from.node &&
    edge.from.port === from.port &&
    edge.to.node === to.node &&
    edge.to.port === to.port;
  if (definition.edges.some(same)) return 'duplicate';
  return reaches(definition, to.node, from.node) ? 'circle' : null;
}

function reaches(definition: Definition, start: string, end: string): boolean {
  const next = new Map<string, string[]>();
  for (const { from, to } of definition.edges) {
    const known = next.get(from.node);
    if (known) known.push(to.node);
    else next.set(from.node, [to.node]);
  }
  const seen = new Set<string>();
  const ahead = [start];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (id === end) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    ahead.push(...(next.get(id) ?? []));
  }
  return false;
}
