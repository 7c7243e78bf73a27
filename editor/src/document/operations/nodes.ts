import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nextOrder, nodesOf, readEdge, readNode, sortedKeys } from '#engine/graph/document/shape.js';
import { sharedMap } from '#engine/graph/document/values.js';
import { newPart, setWhole } from '#engine/graph/document/write.js';
import { newNodeId } from '../ids.js';
import { edit } from '../localEdit.js';
import { putEdge } from './edges.js';

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface NewNode {
  readonly type: string;
  /** The node type's version; 1 unless said. */
  readonly version?: number;
  readonly config?: NodeDefinition['config'];
  readonly position: Place;
  readonly parentId?: string | undefined;
  readonly title?: string | undefined;
}

/** Puts a node on the canvas and returns its id. */
export const addNode = (doc: Y.Doc, node: NewNode): string =>
  edit(doc, () => {
    const { type, version = 1, config = {}, position, parentId, title } = node;
    const nodes = nodesOf(doc);
    const id = newNodeId(nodes, type);
    const made = { id, type, version, config, position: rounded(position) } satisfies NodeDefinition;
    nodes.set(id, newPart({ ...made, ...(parentId && { parentId }), ...(title && { title }) }, nextOrder(nodes)));
    return id;
  });

const rounded = ({ x, y }: Place): Place => ({ x: Math.round(x), y: Math.round(y) });

/** Keys of nodes that nobody has locked. What cannot be read is nobody's. */
export const unlocked = (doc: Y.Doc, ids: Iterable<string>): string[] =>
  [...new Set(ids)].filter((id) => nodesOf(doc).has(id) && sharedMap(nodesOf(doc).get(id))?.get('locked') !== true);

/** These nodes and everything inside those of them that are containers. */
export function withInside(doc: Y.Doc, ids: Iterable<string>): Set<string> {
  const inside = new Map<string, string[]>();
  for (const [key, value] of nodesOf(doc).entries()) {
    const parent = sharedMap(value)?.get('parentId');
    if (typeof parent === 'string') inside.set(parent, [...(inside.get(parent) ?? []), key]);
  }
  const all = new Set<string>();
  const walk = (id: string): void => {
    if (all.has(id)) return;
    all.add(id);
    for (const child of inside.get(id) ?? []) walk(child);
  };
  for (const id of ids) walk(id);
  return all;
}

/**
 * Takes nodes out, with what is inside them and the edges at them; locked ones stay. With `rejoin`, what came before is joined to what came
 * after: of A-B-C without B stays A-C. Of a node with several ways out only the first goes on: the others were its decision.
 * Returns the ids that are gone.
 */
export const removeNodes = (doc: Y.Doc, ids: Iterable<string>, options: { readonly rejoin?: boolean } = {}): string[] =>
  edit(doc, () => {
    const nodes = nodesOf(doc);
    const gone = withInside(doc, unlocked(doc, ids));
    if (options.rejoin ?? true) rejoin(doc, gone);
    for (const [key, value] of [...edgesOf(doc).entries()]) {
      const edge = readEdge(edgesOf(doc), key);
      if (edge ? gone.has(edge.from.node) || gone.has(edge.to.node) : !sharedMap(value)) edgesOf(doc).delete(key);
    }
    for (const id of gone) nodes.delete(id);
    for (const value of nodes.values()) {
      const node = sharedMap(value);
      const undoer = node?.get('compensateWith');
      if (typeof undoer === 'string' && gone.has(undoer)) node?.delete('compensateWith');
    }
    return [...gone];
  });

function rejoin(doc: Y.Doc, gone: ReadonlySet<string>): void {
  const edges = sortedKeys(edgesOf(doc)).flatMap((key) => readEdge(edgesOf(doc), key) ?? []);
  const outOf = (id: string) => {
    const all = edges.filter(({ from }) => from.node === id && from.port !== 'error');
    return all.filter(({ from }) => from.port === all[0]?.from.port);
  };
  const targets = (id: string, seen: Set<string>): (typeof edges)[number]['to'][] =>
    outOf(id).flatMap(({ to }) => {
      if (!gone.has(to.node)) return [to];
      if (seen.has(to.node)) return [];
      return targets(to.node, seen.add(to.node));
    });
  for (const { from, to } of edges) {
    if (gone.has(from.node) || !gone.has(to.node)) continue;
    for (const target of targets(to.node, new Set([to.node])))
      if (target.node !== from.node) putEdge(doc, from, target);
  }
}

/** Says where a node stands, whether or not it is locked: what its place was counted from is another. */
export function placeAnew(doc: Y.Doc, id: string, place: Place): void {
  const node = sharedMap(nodesOf(doc).get(id));
  if (node) setWhole(node, 'position', rounded(place) as unknown as Json);
}

/** Moves nodes; locked ones stay. Returns the ids of those that moved. */
export const moveNodes = (doc: Y.Doc, places: ReadonlyMap<string, Place>, gesture?: string): string[] =>
  edit(
    doc,
    () => {
      const moved = unlocked(doc, places.keys());
      for (const id of moved) {
        const place = places.get(id);
        if (place) placeAnew(doc, id, place);
      }
      return moved;
    },
    gesture,
  );

/** The node, when there is one that may be changed. */
export function editable(doc: Y.Doc, id: string): Y.Map<unknown> | null {
  const node = sharedMap(nodesOf(doc).get(id));
  return node?.get('locked') === true ? null : node;
}

/** The node as it reads now. */
export const nodeIn = (doc: Y.Doc, id: string): NodeDefinition | null => readNode(nodesOf(doc), id);
