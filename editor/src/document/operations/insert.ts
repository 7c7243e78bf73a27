import type * as Y from 'yjs';
import { edgesOf, nodesOf, readEdge } from '#engine/graph/document/shape.js';
import { edit } from '../localEdit.js';
import { putEdge } from './edges.js';
import { addNode, nodeIn, type NewNode } from './nodes.js';
import { setNodeOption } from './options.js';

/** Which way in and which way out of the node that is put in between; the usual ones unless said. */
export interface Ports {
  readonly in?: string;
  readonly out?: string;
}

/**
 * Puts a node in the middle of an edge: a new one, or one that stands there already. Of A-C stays A-B-C; a node that has no way out ends the
 * path. `null` when the edge is gone.
 */
export const insertOnEdge = (
  doc: Y.Doc,
  edgeId: string,
  node: NewNode | string,
  ports: Ports & { readonly hasOut?: boolean } = {},
): { readonly nodeId: string; readonly edgeIds: readonly string[] } | null =>
  edit(doc, () => {
    const edge = readEdge(edgesOf(doc), edgeId);
    if (!edge) return null;
    const parentId = nodeIn(doc, edge.from.node)?.parentId;
    const nodeId = typeof node === 'string' ? node : addNode(doc, { ...node, parentId });
    if (!nodesOf(doc).has(nodeId) || nodeId === edge.from.node || nodeId === edge.to.node) return null;
    if (typeof node === 'string') setNodeOption(doc, nodeId, 'parentId', parentId);
    edgesOf(doc).delete(edgeId);
    const edgeIds = [putEdge(doc, edge.from, { node: nodeId, port: ports.in ?? 'in' })];
    if (ports.hasOut ?? true) edgeIds.push(putEdge(doc, { node: nodeId, port: ports.out ?? 'out' }, edge.to));
    return { nodeId, edgeIds };
  });
