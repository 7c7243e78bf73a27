import type * as Y from 'yjs';
import { moveNodes, nodeIn, type Place } from './nodes.js';

export type Alignment = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom' | 'columns' | 'rows';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Lines nodes up along an edge or their middle, or spreads them with equal gaps, side by side (`columns`) or one below the other (`rows`).
 * `sizeOf` says how large each is drawn. Returns the ids of those that moved.
 */
export function align(doc: Y.Doc, ids: Iterable<string>, alignment: Alignment, sizeOf: (id: string) => Size): string[] {
  const boxes = [...new Set(ids)].flatMap((id) => {
    const node = nodeIn(doc, id);
    return node ? [{ id, ...node.position, ...sizeOf(id) }] : [];
  });
  if (boxes.length < 2) return [];
  const horizontal = ['left', 'center', 'right', 'columns'].includes(alignment);
  const [axis, length] = horizontal ? (['x', 'width'] as const) : (['y', 'height'] as const);
  const start = Math.min(...boxes.map((box) => box[axis]));
  const end = Math.max(...boxes.map((box) => box[axis] + box[length]));
  const places = new Map<string, Place>();
  const put = (box: (typeof boxes)[number], value: number): void => {
    if (Math.round(value) !== box[axis]) places.set(box.id, { x: box.x, y: box.y, [axis]: value });
  };
  if (alignment === 'columns' || alignment === 'rows') {
    const free = end - start - boxes.reduce((sum, box) => sum + box[length], 0);
    let at = start;
    for (const box of boxes.toSorted((a, b) => a[axis] - b[axis])) {
      put(box, at);
      at += box[length] + free / (boxes.length - 1);
    }
  } else {
    const share = { left: 0, top: 0, center: 0.5, middle: 0.5, right: 1, bottom: 1 }[alignment];
    for (const box of boxes) put(box, start + (end - start - box[length]) * share);
  }
  return moveNodes(doc, places);
}
