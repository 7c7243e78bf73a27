import { roomFor } from '../canvas/room.js';
import { moveNodes } from '../document/operations/nodes.js';
import type { EditorSession } from './session.js';

/**
 * Does something that puts steps on the canvas, and lets them stand on nothing: they go to a free place, or with `between` what follows them
 * moves out of their way. Undone as one.
 */
export function withRoom<Given>(
  { doc, store, types, history }: Pick<EditorSession, 'doc' | 'store' | 'types' | 'history'>,
  put: () => Given,
  between = false,
): Given {
  const before = store.getSnapshot().definition;
  history.begin();
  try {
    const given = put();
    const places = roomFor(before, store.getSnapshot().definition, types, between);
    if (places.size > 0) moveNodes(doc, places);
    return given;
  } finally {
    history.end();
  }
}
