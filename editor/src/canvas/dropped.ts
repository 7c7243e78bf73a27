import type { Definition } from '../api/types.js';
import type { Plan } from './layout.js';
import type { Point } from './routes.js';

/**
 * The step that an edge from another was let go over, wherever on it; `null` over nothing. By where the steps stand, not by what the
 * screen shows there: a pointer of somebody else, a notice or the edge itself may be on top. Inside the container that the edge began in is nothing.
 */
export function droppedOn(definition: Definition, boxes: Plan['boxes'], from: string, { x, y }: Point): string | null {
  const around = new Set<string>();
  const parents = new Map(definition.nodes.map(({ id, parentId }) => [id, parentId]));
  for (let at = parents.get(from); at !== undefined && !around.has(at); at = parents.get(at)) around.add(at);
  const [smallest] = [...boxes]
    .filter(
      ([id, box]) =>
        id !== from && !around.has(id) && x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
    )
    .toSorted(([, a], [, b]) => a.width * a.height - b.width * b.height);
  return smallest?.[0] ?? null;
}
