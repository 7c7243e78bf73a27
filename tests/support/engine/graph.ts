import {
  definitionSchema,
  type Definition,
  type DepartmentSettings,
  type NodeDefinition,
} from '#engine/graph/definition.js';
import type { JsonObject } from '#nodes/sdk/json.js';

/** `id:type:parent` (type `set`, no parent), or that with more of the node. */
export type NodeSketch =
  string | readonly [sketch: string, more: Partial<Omit<NodeDefinition, 'config'>> & { readonly config?: JsonObject }];

/** A definition from a sketch; edges as `a>b a.yes>c`, leaving by `out` when no port is named. */
export function sketch(nodes: readonly NodeSketch[], edges: string, settings: DepartmentSettings = {}): Definition {
  return definitionSchema.parse({
    format: 1,
    nodes: nodes.map((node) => {
      const [text, more] = typeof node === 'string' ? [node, {}] : node;
      const [id, type = 'set', parentId] = text.split(':');
      return { id, type, version: 1, config: {}, position: { x: 0, y: 0 }, ...(parentId && { parentId }), ...more };
    }),
    edges: edges
      .split(/\s+/)
      .filter(Boolean)
      .map((edge, index) => {
        const [from = '', to = ''] = edge.split('>');
        const [node, port = 'out'] = from.split('.');
        return { id: `e${index}`, from: { node, port }, to: { node: to, port: 'in' } };
      }),
    settings,
  });
}
