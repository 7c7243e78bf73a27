import type * as Y from 'yjs';
import type { Definition, EdgeDefinition } from '#engine/graph/definition.js';
import { edgesOf, readDefinition } from '#engine/graph/document/shape.js';
import { edit } from '../localEdit.js';
import type { NodeKinds } from '../kinds.js';
import { putEdge } from './edges.js';
import { moveNodes } from './nodes.js';

/** Two steps of which one follows the other and nothing else does, and what is around them. */
interface Pair {
  readonly first: string;
  readonly second: string;
  readonly into: readonly EdgeDefinition[];
  readonly between: EdgeDefinition;
  readonly out: readonly EdgeDefinition[];
  /** By which way what follows them follows the first. */
  readonly firstOut: string;
  readonly secondOut: string;
}

/** What would change places with a step: the one before or after it in its row. `null` where paths part or meet, and at the beginning. */
function pairOf({ nodes, edges }: Definition, id: string, by: 'up' | 'down', kinds: NodeKinds): Pair | null {
  const between =
    by === 'down' ? edges.filter(({ from }) => from.node === id) : edges.filter(({ to }) => to.node === id);
  const [edge] = between;
  if (!edge || between.length > 1) return null;
  const [first, second] = [edge.from.node, edge.to.node].map((each) => nodes.find((node) => node.id === each));
  if (!first || !second || first.locked || second.locked || kinds.isTrigger(first)) return null;
  const out = edges.filter(({ from }) => from.node === second.id);
  const leavesBy = new Set(out.map(({ from }) => from.port));
  const single =
    edges.filter(({ from }) => from.node === first.id).length === 1 &&
    edges.filter(({ to }) => to.node === second.id).length === 1 &&
    leavesBy.size <= 1;
  const secondOut = out[0]?.from.port ?? kinds.waysOut(second)?.[0];
  if (!single || secondOut === undefined) return null;
  const into = edges.filter(({ to }) => to.node === first.id);
  return { first: first.id, second: second.id, into, between: edge, out, firstOut: edge.from.port, secondOut };
}

export const canReorder = (definition: Definition, id: string, by: 'up' | 'down', kinds: NodeKinds): boolean =>
  pairOf(definition, id, by, kinds) !== null;

/** Lets a step change places with the one before or after it. False where it has none to change with. */
export const reorder = (doc: Y.Doc, id: string, by: 'up' | 'down', kinds: NodeKinds): boolean =>
  edit(doc, () => {
    const { definition } = readDefinition(doc);
    const pair = pairOf(definition, id, by, kinds);
    if (!pair) return false;
    const { first, second, into, between, out, firstOut, secondOut } = pair;
    for (const { id: edge } of [...into, between, ...out]) edgesOf(doc).delete(edge);
    for (const { from, to } of into) putEdge(doc, from, { ...to, node: second });
    putEdge(doc, { node: second, port: secondOut }, { node: first, port: 'in' });
    for (const { to } of out) putEdge(doc, { node: first, port: firstOut }, to);
    const placeOf = (of: string) => definition.nodes.find((node) => node.id === of)?.position ?? { x: 0, y: 0 };
    moveNodes(
      doc,
      new Map([
        [first, placeOf(second)],
        [second, placeOf(first)],
      ]),
    );
    return true;
  });
