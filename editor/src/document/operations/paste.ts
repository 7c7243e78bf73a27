import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import { nextOrder, nodesOf, readDefinition } from '#engine/graph/document/shape.js';
import { newPart } from '#engine/graph/document/write.js';
import type { NodeDefinition } from '#engine/graph/definition.js';
import { fragmentOf, type Fragment } from '../fragment.js';
import { newNodeId } from '../ids.js';
import { edit } from '../localEdit.js';
import { renameReads } from '../references.js';
import { putEdge } from './edges.js';
import type { Place } from './nodes.js';

/** Where copies go. */
export interface PastePlace {
  /** Of the upper left corner of what is at the top of the fragment. */
  readonly at: Place;
  /** The container whose body is open. */
  readonly parentId?: string | undefined;
}

/**
 * Puts copies into the draft under ids of their own; where they read each other, they read the copies. What they read outside stays what it was.
 * Returns the new ids of the nodes at the top of the fragment, in its order.
 */
export const paste = (doc: Y.Doc, { nodes, edges }: Fragment, { at, parentId }: PastePlace): string[] =>
  edit(doc, () => {
    const map = nodesOf(doc);
    const ids = new Map<string, string>();
    for (const { id, type } of nodes) {
      let fresh = newNodeId(map, type);
      while ([...ids.values()].includes(fresh)) fresh = newNodeId(map, type);
      ids.set(id, fresh);
    }
    const tops = nodes.filter((node) => !node.parentId || !ids.has(node.parentId));
    const left = Math.min(...tops.map(({ position }) => position.x));
    const top = Math.min(...tops.map(({ position }) => position.y));
    let order = nextOrder(map);
    for (const node of nodes) {
      const isTop = tops.includes(node);
      const position = isTop
        ? { x: Math.round(at.x + node.position.x - left), y: Math.round(at.y + node.position.y - top) }
        : node.position;
      const copy = copyOf(node, ids, isTop ? parentId : node.parentId && ids.get(node.parentId), position);
      map.set(copy.id, newPart(copy, order++));
    }
    for (const { from, to } of edges) {
      const [source, target] = [ids.get(from.node), ids.get(to.node)];
      if (source && target) putEdge(doc, { ...from, node: source }, { ...to, node: target });
    }
    return tops.flatMap(({ id }) => ids.get(id) ?? []);
  });

function copyOf(
  node: NodeDefinition,
  ids: ReadonlyMap<string, string>,
  parentId: string | undefined,
  position: Place,
): NodeDefinition {
  const { parentId: _parent, compensateWith, locked: _locked, ...rest } = node;
  const undoer = compensateWith === undefined ? undefined : (ids.get(compensateWith) ?? compensateWith);
  return {
    ...rest,
    id: ids.get(node.id) ?? node.id,
    position,
    config: renameReads(node.config as Json, ids) as NodeDefinition['config'],
    ...(parentId && { parentId }),
    ...(undoer && { compensateWith: undoer }),
  };
}

/** Copies of nodes a little beside them, on the same canvas. Returns the new ids. */
export function duplicate(doc: Y.Doc, ids: Iterable<string>, offset: Place = { x: 48, y: 48 }): string[] {
  const { definition } = readDefinition(doc);
  const fragment = fragmentOf(definition, ids);
  const [first] = fragment?.nodes ?? [];
  if (!fragment || !first) return [];
  const tops = fragment.nodes.filter(({ parentId }) => !parentId);
  const at = {
    x: Math.min(...tops.map(({ position }) => position.x)) + offset.x,
    y: Math.min(...tops.map(({ position }) => position.y)) + offset.y,
  };
  return paste(doc, fragment, { at, parentId: definition.nodes.find(({ id }) => id === first.id)?.parentId });
}
