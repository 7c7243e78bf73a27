import { ERROR_PORT } from '#nodes/sdk/ports.js';
import type { Definition, NodeDefinition } from './definition.js';

/**
 * The definition without what a run up to `nodeId` has no use for. What stays: the node, whatever leads to it, the containers around it and
 * whatever leads to those; a container that is not around it stays whole. A loop around it makes one round. `null` when there is no such node.
 */
export function cutAt(
  definition: Definition,
  nodeId: string,
  isLoop: (node: NodeDefinition) => boolean,
): Definition | null {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  if (!byId.has(nodeId)) return null;
  const around = containersAround(byId, nodeId);
  const kept = new Set([nodeId, ...around]);
  const sources = new Map<string, string[]>();
  for (const { from, to } of definition.edges) sources.set(to.node, [...(sources.get(to.node) ?? []), from.node]);
  for (const id of kept) for (const source of sources.get(id) ?? []) kept.add(source);
  const whole = new Set([...kept].filter((id) => !around.has(id)));
  for (const { id } of definition.nodes) {
    for (const container of containersAround(byId, id)) if (whole.has(container)) kept.add(id);
  }
  const edges = definition.edges.filter(({ from, to }) => kept.has(from.node) && kept.has(to.node));
  const routed = new Set(edges.flatMap(({ from }) => (from.port === ERROR_PORT ? [from.node] : [])));
  return {
    ...definition,
    edges,
    nodes: definition.nodes
      .filter(({ id }) => kept.has(id))
      .map(({ compensateWith, onError, ...node }) => ({
        ...node,
        ...(around.has(node.id) && isLoop(node) && { config: { ...node.config, until: true, limit: 1 } }),
        ...(compensateWith !== undefined && kept.has(compensateWith) && { compensateWith }),
        ...(onError !== undefined && (onError !== 'route' || routed.has(node.id)) && { onError }),
      })),
  };
}

/** Innermost first. Containers that stand in a circle are told once. */
function containersAround(byId: ReadonlyMap<string, NodeDefinition>, nodeId: string): ReadonlySet<string> {
  const around = new Set<string>();
  for (let id = byId.get(nodeId)?.parentId; id !== undefined && !around.has(id); id = byId.get(id)?.parentId)
    around.add(id);
  return around;
}
