import type * as Y from 'yjs';
import type { EdgeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nextOrder, readEdge } from '#engine/graph/document/shape.js';
import { newPart } from '#engine/graph/document/write.js';
import { edgeIdOf } from '../ids.js';
import { edit } from '../localEdit.js';

export type End = EdgeDefinition['from'];

/** Joins two ports inside an edit that is under way. Returns the edge that joins them now. */
export function putEdge(doc: Y.Doc, from: End, to: End): string {
  const edges = edgesOf(doc);
  const known = [...edges.keys()].find((key) => {
    const edge = readEdge(edges, key);
    return edge && edgeIdOf(edge) === edgeIdOf({ from, to });
  });
  if (known !== undefined) return known;
  const id = edgeIdOf({ from, to });
  edges.set(id, newPart({ id, from: { ...from }, to: { ...to } }, nextOrder(edges)));
  return id;
}

/** Joins two ports and returns the id of the edge: that of the one that was there, if they were joined. Asks nobody whether it makes sense. */
export const connect = (doc: Y.Doc, from: End, to: End): string => edit(doc, () => putEdge(doc, from, to));

/** Takes edges out. Returns the ids of those that were there. */
export const disconnect = (doc: Y.Doc, ids: Iterable<string>): string[] =>
  edit(doc, () => {
    const known = [...new Set(ids)].filter((id) => edgesOf(doc).has(id));
    for (const id of known) edgesOf(doc).delete(id);
    return known;
  });

/** Draws one end of an edge somewhere else. Returns the id of the edge that takes its place; `null` when it is gone. */
export const reconnect = (doc: Y.Doc, id: string, ends: { readonly from?: End; readonly to?: End }): string | null =>
  edit(doc, () => {
    const edge = readEdge(edgesOf(doc), id);
    if (!edge) return null;
    edgesOf(doc).delete(id);
    return putEdge(doc, ends.from ?? edge.from, ends.to ?? edge.to);
  });
