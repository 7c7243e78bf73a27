import type * as Y from 'yjs';
import { edgesOf, nodesOf } from './shape.js';
import { sharedMap } from './values.js';

/**
 * What people who did not know of each other left behind: edges to nodes that were taken out meanwhile, and nodes inside containers that
 * were. Only what was there once and is gone counts: a node that never was is a mistake to be told, not to be hidden.
 */
export interface Leftovers {
  readonly edges: readonly string[];
  /** Nodes whose container is gone. */
  readonly nodes: readonly string[];
}

export function leftoversOf(doc: Y.Doc): Leftovers | null {
  const nodes = nodesOf(doc);
  const gone = (id: unknown): boolean => typeof id === 'string' && nodes._map.get(id)?.deleted === true;
  const endGone = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'node' in value && gone(value.node);
  const edges = [...edgesOf(doc).entries()].flatMap(([key, value]) => {
    const edge = sharedMap(value);
    return endGone(edge?.get('from')) || endGone(edge?.get('to')) ? [key] : [];
  });
  const orphans = [...nodes.entries()].flatMap(([key, value]) =>
    gone(sharedMap(value)?.get('parentId')) ? [key] : [],
  );
  return edges.length + orphans.length > 0 ? { edges, nodes: orphans } : null;
}

/** Takes such edges out and lifts such nodes to the top, where their author finds them. */
export function tidy(doc: Y.Doc, { edges, nodes }: Leftovers): void {
  doc.transact(() => {
    for (const key of edges) edgesOf(doc).delete(key);
    for (const key of nodes) sharedMap(nodesOf(doc).get(key))?.delete('parentId');
  });
}
