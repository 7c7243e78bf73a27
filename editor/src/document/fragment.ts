import { z } from 'zod';
import { definitionSchema, edgeDefinition, limits, nodeDefinition, type Definition } from '#engine/graph/definition.js';
import { findUnsafe } from '#engine/graph/safeJson.js';

const FORMAT = 'department-fragment';

const fragmentSchema = z.strictObject({
  format: z.literal(FORMAT),
  nodes: z.array(nodeDefinition).min(1).max(limits.nodes),
  edges: z.array(edgeDefinition).max(limits.edges),
});
/** Nodes and the edges among them, out of their department. A node whose container is not with it stands at the top. */
export type Fragment = Pick<z.infer<typeof fragmentSchema>, 'nodes' | 'edges'>;

/** These nodes of a definition, what is inside them, and the edges among them; `null` when none of them is there. */
export function fragmentOf(definition: Definition, ids: Iterable<string>): Fragment | null {
  const wanted = new Set(ids);
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const { id, parentId } of definition.nodes) if (parentId && wanted.has(parentId)) wanted.add(id);
  }
  const nodes = definition.nodes
    .filter(({ id }) => wanted.has(id))
    .map(({ parentId, ...node }) => (parentId && wanted.has(parentId) ? { ...node, parentId } : node));
  const edges = definition.edges.filter(({ from, to }) => wanted.has(from.node) && wanted.has(to.node));
  return nodes.length > 0 ? { nodes, edges } : null;
}

/** Text for the clipboard, which any window of the editor can read, and a person too. */
export const fragmentText = ({ nodes, edges }: Fragment): string =>
  JSON.stringify({ format: FORMAT, nodes, edges }, null, 2);

/** What a text from the clipboard holds: a fragment, or a whole department as a file has it. `null` for any other text. */
export function readFragment(text: string): Fragment | null {
  if (text.length > limits.bytes || !text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (findUnsafe(value)) return null;
    const fragment = fragmentSchema.safeParse(value).data ?? definitionSchema.safeParse(value).data;
    return fragment && fragment.nodes.length > 0 ? { nodes: fragment.nodes, edges: fragment.edges } : null;
  } catch {
    return null;
  }
}
