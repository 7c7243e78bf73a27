import type { CanvasNote } from '#engine/graph/definition.js';
import type { Definition, PublicNode } from '../api/types.js';
import { boxesOf } from './boxes.js';
import { viewOf } from './levels.js';
import { freePlace } from './room.js';
import type { Box, Point } from './routes.js';

/** Of a note nobody stretched, in px. */
export const noteSize = { width: 200, height: 96 } as const;

export const noteBox = ({ x, y, width, height }: CanvasNote): Box => ({
  x,
  y,
  width: width ?? noteSize.width,
  height: height ?? noteSize.height,
});

/** Where a new note goes on a level: as near as there is room that no step and no other note has. */
export function notePlace(
  definition: Definition,
  types: ReadonlyMap<string, PublicNode>,
  level: string | null,
  near: Point,
): Point {
  const notes = Object.values(definition.settings.notes ?? {}).filter(({ parentId }) => (parentId ?? null) === level);
  const steps = boxesOf(viewOf(definition, types, level), types);
  return freePlace({ ...noteSize, x: Math.round(near.x), y: Math.round(near.y) }, [
    ...notes.map(noteBox),
    ...steps.values(),
  ]);
}
