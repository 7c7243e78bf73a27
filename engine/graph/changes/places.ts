import type { EdgeDefinition, NodeDefinition } from '../definition.js';

/** Between a step and the one below it, on the canvas. */
const BELOW = 112;

/** Where a new step stands: below what it follows, in front of what it leads to, or below all the others. */
export function placeFor(
  nodes: readonly NodeDefinition[],
  after: NodeDefinition | null,
  before: NodeDefinition | null,
  parentId: string | undefined,
): NodeDefinition['position'] {
  if (after) return { x: after.position.x, y: after.position.y + BELOW };
  if (before) return { ...before.position };
  const beside = nodes.filter((node) => node.parentId === parentId);
  const lowest = beside.reduce((y, { position }) => Math.max(y, position.y), -BELOW);
  return { x: beside[0]?.position.x ?? 0, y: lowest + BELOW };
}

/** What comes after a new step moves down when the new one stands on its place. */
export function withRoomFor(
  nodes: readonly NodeDefinition[],
  edges: readonly EdgeDefinition[],
  made: NodeDefinition,
): NodeDefinition[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from.node, [...(next.get(from.node) ?? []), to.node]);
  const after = new Set<string>();
  for (const ahead = [made.id]; ahead.length > 0;) {
    for (const id of next.get(ahead.pop() ?? '') ?? [])
      if (id !== made.id && !after.has(id)) ahead.push((after.add(id), id));
  }
  const crowded = nodes.some(
    ({ id, position, parentId }) =>
      id !== made.id &&
      parentId === made.parentId &&
      Math.abs(position.x - made.position.x) < 180 &&
      position.y > made.position.y - BELOW / 2 &&
      position.y < made.position.y + BELOW * 0.8,
  );
  if (!crowded) return [...nodes];
  return nodes.map((node) =>
    after.has(node.id) && !node.locked && node.position.y >= made.position.y - BELOW / 2
      ? { ...node, position: { x: node.position.x, y: node.position.y + BELOW } }
      : node,
  );
}
