import type { Definition, NodeDefinition } from './definition.js';

/** Ids of the nodes that undo others, by `compensateWith`. */
export const undoerIds = (definition: Definition): ReadonlySet<string> =>
  new Set(definition.nodes.flatMap((node) => node.compensateWith ?? []));

/**
 * Ids of the nodes that do nothing else: one that undoes others and that no edge leads to is no part of what runs. (Any other node without
 * an edge into it starts its level.)
 */
export function onlyUndoing(definition: Definition): ReadonlySet<string> {
  const undoers = undoerIds(definition);
  if (undoers.size === 0) return undoers;
  const reached = new Set(definition.edges.map((edge) => edge.to.node));
  return new Set([...undoers].filter((id) => !reached.has(id)));
}

/** The definition without the nodes that only undo others. */
export function flowOfRun(definition: Definition): Definition {
  const apart = onlyUndoing(definition);
  if (apart.size === 0) return definition;
  return {
    ...definition,
    nodes: definition.nodes.filter((node) => !apart.has(node.id)),
    edges: definition.edges.filter((edge) => !apart.has(edge.from.node)),
  };
}

/** The nodes that a node undoes. */
export const undoneBy = (nodes: Iterable<NodeDefinition>, id: string): NodeDefinition[] =>
  [...nodes].filter((node) => node.compensateWith === id);
