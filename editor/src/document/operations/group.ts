import type * as Y from 'yjs';
import type { Definition, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf, readDefinition } from '#engine/graph/document/shape.js';
import { sharedMap } from '#engine/graph/document/values.js';
import { edit } from '../localEdit.js';
import type { NodeKinds } from '../kinds.js';
import { optionalReferenceTo, readsOf, referenceTo } from '../references.js';
import { putEdge } from './edges.js';
import { drawExits, titleOf } from './drawExits.js';
import { exitsOf, firstOf, type Beside } from './exits.js';
import { groupRefusal, planOf, type GroupPlan, type GroupRefusal } from './groupPlan.js';
import { Names, returnedBy, rewriteReads, setConfigOf, VALUES } from './namedValues.js';
import { addNode, moveNodes, type Place } from './nodes.js';
import { noteLeaving } from './leaving.js';
import { wayKey, type Way } from './outcomes.js';

export const SUB_DEPARTMENT = 'logic.subDepartment';

/** What the new steps are called, in the author's language. */
export interface GroupTitles {
  readonly group: string;
  readonly inputs: string;
  readonly outputs: string;
  /** How a way out of a step is called. */
  readonly wayOf: (way: Way) => string;
}

/**
 * Makes nodes one step with a body of its own. What they read of steps outside comes in through one first step that names it; what steps
 * outside read of them goes out through one last step. Where not the same follows every time, the new step has an exit for each thing that
 * follows. Returns the id of the new step, or why it cannot be.
 */
export const group = (
  doc: Y.Doc,
  ids: Iterable<string>,
  titles: GroupTitles,
  kinds: NodeKinds,
): { readonly id: string } | { readonly refused: GroupRefusal } => {
  const { definition } = readDefinition(doc);
  const wanted = [...ids];
  const refused = groupRefusal(definition, wanted, kinds);
  const plan = planOf(definition, wanted);
  const ends = refused ? null : exitsOf(plan, kinds);
  if (refused || !ends) return { refused: refused ?? 'severalExits' };
  return edit(doc, () => {
    const box = boxOf(plan.nodes);
    const [parentId] = plan.nodes.map((node) => node.parentId);
    const id = addNode(doc, { type: SUB_DEPARTMENT, position: box.middle, parentId, title: titles.group });
    for (const nodeId of plan.chosen) sharedMap(nodesOf(doc).get(nodeId))?.set('parentId', id);
    for (const edge of [...plan.entering, ...plan.leaving]) edgesOf(doc).delete(edge.id);
    for (const { from } of plan.entering) putEdge(doc, from, { node: id, port: 'in' });
    bringIn(doc, plan, kinds, id, { x: box.middle.x, y: box.top - 120 }, titles.inputs);
    const { lasts, marks } =
      ends.exits.length > 0
        ? drawExits(doc, { exits: ends.exits, parentId: id, below: box.bottom + 120, wayOf: titles.wayOf })
        : { lasts: plan.leaving.map(({ from }) => from), marks: null };
    if (ends.exits.length === 0) {
      for (const { to } of plan.leaving) putEdge(doc, { node: id, port: 'done' }, to);
      noteLeaving(doc, id, plan.leaving);
    }
    const own = handEachItsOwn(doc, {
      parts: ends.beside.filter(({ target }) => usesInput(definition, target.node, kinds)),
      id,
      sourceOf: (way) => marks?.get(wayKey(way)) ?? way.node,
      wayOf: titles.wayOf,
    });
    // What has not run however it ends is read as nothing where it did not.
    const isSure = (nodeId: string): boolean => ends.exits.length === 0 && ends.surely.has(nodeId);
    const names = new Names((source, nodeId) => (isSure(nodeId) ? source : `coalesce(${source})`));
    const at = { x: box.middle.x, y: box.bottom + (ends.exits.length > 0 ? 240 : 120) };
    const readers = [...definition.nodes, ...own];
    takeOut(
      doc,
      readers,
      new Set([...plan.inside.map((node) => node.id), ...(marks?.values() ?? [])]),
      id,
      names,
      () => {
        const last = addNode(doc, { type: VALUES, position: at, parentId: id, title: titles.outputs });
        // Whoever comes after goes on with what they would have got.
        const leaving = plan.leaving.map(({ from }) => from.node);
        setConfigOf(doc, last, { values: names.values, ...(leaving.length > 0 && { base: returnedBy(leaving) }) });
        for (const from of [...lasts, ...endsOf(plan, kinds)]) putEdge(doc, from, { node: last, port: 'in' });
      },
    );
    placeFromCorner(doc, id);
    return { id };
  });
};

function boxOf(nodes: readonly NodeDefinition[]): { top: number; bottom: number; middle: Place } {
  const [xs, ys] = [nodes.map(({ position }) => position.x), nodes.map(({ position }) => position.y)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return { top, bottom, middle: { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (top + bottom) / 2 } };
}

/** What is in a container is placed from its corner, below its header. */
const corner: Place = { x: 16, y: 46 };

function placeFromCorner(doc: Y.Doc, parentId: string): void {
  const body = readDefinition(doc).definition.nodes.filter((node) => node.parentId === parentId);
  const left = Math.min(...body.map(({ position }) => position.x));
  const top = Math.min(...body.map(({ position }) => position.y));
  const placed = body.map(
    ({ id, position }) => [id, { x: position.x - left + corner.x, y: position.y - top + corner.y }] as const,
  );
  moveNodes(doc, new Map(placed));
}

function bringIn(
  doc: Y.Doc,
  plan: GroupPlan,
  kinds: NodeKinds,
  parentId: string,
  position: Place,
  title: string,
): void {
  const mine = new Set(plan.inside.map(({ id }) => id));
  const outside = new Set(
    readDefinition(doc)
      .definition.nodes.map(({ id }) => id)
      .filter((id) => !mine.has(id)),
  );
  const firsts = firstOf(plan);
  // What something outside led to begins although something inside leads to it too.
  const led = plan.within.some(({ to }) => firsts.has(to.node));
  const comes = plan.nodes.some((node) => firsts.has(node.id) && kinds.usesInput(node)) && plan.entering.length > 0;
  if (!led && !comes && !plan.inside.some(({ config }) => [...readsOf(config)].some((id) => outside.has(id)))) return;
  const names = new Names();
  const id = addNode(doc, { type: VALUES, position, parentId, title });
  // What is read with `?` may be absent, and a name for it could not be: steps inside see it where it is.
  rewriteReads(doc, plan.inside, ({ nodeId, field, optional }) =>
    !optional && outside.has(nodeId) && nodeId !== id ? referenceTo(id, names.of(nodeId, field)) : null,
  );
  if (names.values.length === 0 && !led && !comes) return void nodesOf(doc).delete(id);
  const entering = plan.entering.map(({ from }) => from.node);
  setConfigOf(doc, id, { values: names.values, ...(entering.length > 0 && { base: returnedBy(entering) }) });
  for (const first of firsts) putEdge(doc, { node: id, port: 'out' }, { node: first, port: 'in' });
}

/** Steps outside read of the new step what they read of those inside. `finish` when they read anything. */
function takeOut(
  doc: Y.Doc,
  nodes: readonly NodeDefinition[],
  mine: ReadonlySet<string>,
  parentId: string,
  names: Names,
  finish: () => void,
): void {
  const others = nodes.filter(({ id }) => !mine.has(id));
  rewriteReads(doc, others, ({ nodeId, field, optional }) => {
    if (!mine.has(nodeId)) return null;
    const name = names.of(nodeId, field);
    return optional ? optionalReferenceTo(parentId, name) : referenceTo(parentId, name);
  });
  if (names.values.length > 0) finish();
}

const usesInput = ({ nodes }: Definition, id: string, kinds: NodeKinds): boolean =>
  nodes.some((node) => node.id === id && kinds.usesInput(node));

/**
 * The new step has one value, and what follows works with what came right before it. Where several branches of it go on at once, a step before
 * each that follows hands it the value of its own. Returns those steps.
 */
function handEachItsOwn(
  doc: Y.Doc,
  {
    parts,
    id,
    sourceOf,
    wayOf,
  }: {
    readonly parts: readonly Beside[];
    /** The new step. */
    readonly id: string;
    /** The step that has what came by a way. */
    readonly sourceOf: (way: Way) => string;
    readonly wayOf: (way: Way) => string;
  },
): NodeDefinition[] {
  const { nodes, edges } = readDefinition(doc).definition;
  const made = parts.map(({ target, ways }) => {
    const [box, next] = [id, target.node].map((each) => nodes.find((node) => node.id === each));
    const position = { x: next?.position.x ?? 0, y: ((box?.position.y ?? 0) + (next?.position.y ?? 0)) / 2 };
    const config = { base: returnedBy(ways.map(sourceOf)) };
    const title = titleOf(ways, wayOf);
    const own = addNode(doc, { type: VALUES, config, position, parentId: box?.parentId, title });
    for (const edge of edges) {
      if (edge.from.node !== id || edge.to.node !== target.node || edge.to.port !== target.port) continue;
      edgesOf(doc).delete(edge.id);
      putEdge(doc, edge.from, { node: own, port: 'in' });
    }
    putEdge(doc, { node: own, port: 'out' }, target);
    return own;
  });
  return readDefinition(doc).definition.nodes.filter((node) => made.includes(node.id));
}

/** Ways out of the last nodes of the selection, which nothing followed. */
const endsOf = (plan: GroupPlan, kinds: NodeKinds): EdgeDefinition['from'][] => {
  const left = new Set([...plan.within, ...plan.leaving].map(({ from }) => from.node));
  return plan.nodes.filter(({ id }) => !left.has(id) && !plan.apart.has(id)).flatMap((node) => endOf(node, kinds));
};

/** The first way out of a step that nothing follows. */
export const endOf = (node: NodeDefinition, kinds: NodeKinds): EdgeDefinition['from'][] =>
  (kinds.waysOut(node) ?? ['out']).slice(0, 1).map((port) => ({ node: node.id, port }));
