import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf, readDefinition } from '#engine/graph/document/shape.js';
import { sharedMap, writeMap } from '#engine/graph/document/values.js';
import { edit } from '../localEdit.js';
import type { NodeKinds } from '../kinds.js';
import { mapTexts, readsOf, referenceTo, replaceReferences } from '../references.js';
import { putEdge } from './edges.js';
import { addNode, unlocked, type Place } from './nodes.js';

export const SUB_DEPARTMENT = 'logic.subDepartment';
const VALUES = 'data.set';

/** Why a selection cannot become a sub-department. */
export type GroupRefusal = 'empty' | 'locked' | 'severalLevels' | 'trigger' | 'returns' | 'severalExits';

/** What the new steps are called, in the author's language. */
export interface GroupTitles {
  readonly group: string;
  readonly inputs: string;
  readonly outputs: string;
}

interface Plan {
  readonly chosen: ReadonlySet<string>;
  readonly nodes: readonly NodeDefinition[];
  readonly inside: readonly NodeDefinition[];
  readonly entering: readonly EdgeDefinition[];
  readonly leaving: readonly EdgeDefinition[];
  readonly within: readonly EdgeDefinition[];
}

/** Why these nodes cannot become a sub-department; `null` when they can. */
export function groupRefusal(definition: Definition, ids: Iterable<string>, kinds: NodeKinds): GroupRefusal | null {
  const { chosen, nodes, leaving } = planOf(definition, ids);
  if (nodes.length === 0) return 'empty';
  if (nodes.some(({ locked }) => locked)) return 'locked';
  if (new Set(nodes.map(({ parentId }) => parentId)).size > 1) return 'severalLevels';
  if (nodes.some((node) => kinds.isTrigger(node))) return 'trigger';
  if (comesBack(definition, chosen, leaving)) return 'returns';
  // It is left by one way: steps that follow only one of several ways out would follow every one of them.
  const ways = new Set(leaving.map(({ from }) => `${from.node} ${from.port}`));
  return ways.size > 1 && new Set(leaving.map(({ to }) => to.node)).size > 1 ? 'severalExits' : null;
}

function planOf(definition: Definition, ids: Iterable<string>): Plan {
  const asked = new Set(ids);
  const nodes = definition.nodes.filter(({ id, parentId }) => asked.has(id) && !(parentId && asked.has(parentId)));
  const chosen = new Set(nodes.map(({ id }) => id));
  const all = new Set(chosen);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const { id, parentId } of definition.nodes) if (parentId && all.has(parentId)) all.add(id);
  }
  const has = (end: EdgeDefinition['from']): boolean => chosen.has(end.node);
  return {
    chosen,
    nodes,
    inside: definition.nodes.filter(({ id }) => all.has(id)),
    entering: definition.edges.filter(({ from, to }) => !has(from) && has(to)),
    leaving: definition.edges.filter(({ from, to }) => has(from) && !has(to)),
    within: definition.edges.filter(({ from, to }) => has(from) && has(to)),
  };
}

/** Whether a path leaves the selection and comes back into it: as one step it would have to run before itself. */
function comesBack(definition: Definition, chosen: ReadonlySet<string>, leaving: readonly EdgeDefinition[]): boolean {
  const seen = new Set<string>();
  const ahead = leaving.map(({ to }) => to.node);
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (chosen.has(id)) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const { from, to } of definition.edges) if (from.node === id) ahead.push(to.node);
  }
  return false;
}

/**
 * Makes nodes one step with a body of its own. What they read of steps outside comes in through one first step that names it; what steps
 * outside read of them goes out through one last step. Returns the id of the new step, or why it cannot be.
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
  if (refused) return { refused };
  const plan = planOf(definition, wanted);
  return edit(doc, () => {
    const box = boxOf(plan.nodes);
    const [parentId] = plan.nodes.map((node) => node.parentId);
    const id = addNode(doc, { type: SUB_DEPARTMENT, position: box.middle, parentId, title: titles.group });
    for (const nodeId of plan.chosen) mapOf(doc, nodeId)?.set('parentId', id);
    for (const edge of [...plan.entering, ...plan.leaving]) edgesOf(doc).delete(edge.id);
    for (const { from } of plan.entering) putEdge(doc, from, { node: id, port: 'in' });
    for (const { to } of plan.leaving) putEdge(doc, { node: id, port: 'done' }, to);
    bringIn(doc, plan, id, { x: box.left - 280, y: box.middle.y }, titles.inputs);
    takeOut(doc, definition, plan, kinds, id, { x: box.right + 280, y: box.middle.y }, titles.outputs);
    return { id };
  });
};

const mapOf = (doc: Y.Doc, id: string): Y.Map<unknown> | null => sharedMap(nodesOf(doc).get(id));

function boxOf(nodes: readonly NodeDefinition[]): { left: number; right: number; middle: Place } {
  const [xs, ys] = [nodes.map(({ position }) => position.x), nodes.map(({ position }) => position.y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  return { left, right, middle: { x: (left + right) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 } };
}

/** Rewrites what nodes read. `change` gives the node and field to read instead; `null` leaves a reference. */
function rewrite(
  doc: Y.Doc,
  nodes: readonly NodeDefinition[],
  change: (nodeId: string, field: string | null) => string | null,
): void {
  for (const node of nodes) {
    const config = mapTexts(node.config as Json, (text) =>
      // What is read with `?` may be absent, and a name for it could not be.
      replaceReferences(text, (read) => (read.optional ? null : change(read.nodeId, read.field))),
    );
    const shared = sharedMap(mapOf(doc, node.id)?.get('config'));
    if (shared && config !== node.config) writeMap(shared, config as Record<string, Json>);
  }
}

/** Names for values: `search_passages`, and with a number where two would be the same. */
class Names {
  readonly #names = new Map<string, string>();
  readonly values: { name: string; value: string }[] = [];

  of(nodeId: string, field: string | null): string {
    const source = referenceTo(nodeId, field ?? undefined);
    const known = this.#names.get(source);
    if (known) return known;
    const base = [nodeId, field].filter(Boolean).join('_').replace(/\W/g, '_').slice(0, 40);
    const taken = new Set(this.#names.values());
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
    this.#names.set(source, name);
    this.values.push({ name, value: `{{ ${source} }}` });
    return name;
  }
}

function bringIn(doc: Y.Doc, plan: Plan, parentId: string, position: Place, title: string): void {
  const mine = new Set(plan.inside.map(({ id }) => id));
  const outside = new Set(
    readDefinition(doc)
      .definition.nodes.map(({ id }) => id)
      .filter((id) => !mine.has(id)),
  );
  if (!plan.inside.some(({ config }) => [...readsOf(config)].some((id) => outside.has(id)))) return;
  const names = new Names();
  const id = addNode(doc, { type: VALUES, position, parentId, title });
  rewrite(doc, plan.inside, (nodeId, field) =>
    outside.has(nodeId) && nodeId !== id ? referenceTo(id, names.of(nodeId, field)) : null,
  );
  if (names.values.length === 0) return void nodesOf(doc).delete(id);
  writeMap(sharedMap(mapOf(doc, id)?.get('config')) ?? nodesOf(doc), { values: names.values });
  const entered = new Set(plan.within.map(({ to }) => to.node));
  for (const { id: first } of plan.nodes)
    if (!entered.has(first)) putEdge(doc, { node: id, port: 'out' }, { node: first, port: 'in' });
}

function takeOut(
  doc: Y.Doc,
  before: Definition,
  plan: Plan,
  kinds: NodeKinds,
  parentId: string,
  position: Place,
  title: string,
): void {
  const mine = new Set(plan.inside.map(({ id }) => id));
  const names = new Names();
  const others = before.nodes.filter(({ id }) => !mine.has(id));
  rewrite(doc, others, (nodeId, field) => (mine.has(nodeId) ? referenceTo(parentId, names.of(nodeId, field)) : null));
  if (names.values.length === 0) return;
  const id = addNode(doc, { type: VALUES, position, parentId, title });
  writeMap(sharedMap(mapOf(doc, id)?.get('config')) ?? nodesOf(doc), { values: names.values });
  const left = new Set(plan.within.map(({ from }) => from.node));
  const exits = [...plan.leaving.map(({ from }) => from), ...endsOf(plan, left, kinds)];
  for (const from of exits) putEdge(doc, from, { node: id, port: 'in' });
}

/** Ways out of the last nodes of the selection, which nothing followed. */
const endsOf = (plan: Plan, left: ReadonlySet<string>, kinds: NodeKinds): EdgeDefinition['from'][] => {
  const leaving = new Set(plan.leaving.map(({ from }) => from.node));
  return plan.nodes.filter(({ id }) => !left.has(id) && !leaving.has(id)).flatMap((node) => endOf(node, kinds));
};

const endOf = (node: NodeDefinition, kinds: NodeKinds): EdgeDefinition['from'][] =>
  (kinds.waysOut(node) ?? ['out']).slice(0, 1).map((port) => ({ node: node.id, port }));

/**
 * Puts what is in a container back beside it and takes the container away. What was read of the container's result cannot be read any more:
 * that is a problem the author is told of. Returns the ids of what was inside; empty when it is locked or gone.
 */
export const ungroup = (doc: Y.Doc, id: string, kinds: NodeKinds): string[] =>
  edit(doc, () => {
    const { definition } = readDefinition(doc);
    const container = definition.nodes.find((node) => node.id === id);
    const body = definition.nodes.filter(({ parentId }) => parentId === id);
    if (!container || body.length === 0 || unlocked(doc, [id]).length === 0) return [];
    const inside = new Set(body.map((node) => node.id));
    const edges = definition.edges.filter(({ from, to }) => inside.has(from.node) && inside.has(to.node));
    const firsts = body.filter((node) => !edges.some(({ to }) => to.node === node.id));
    const lasts = body.filter((node) => !edges.some(({ from }) => from.node === node.id));
    const incoming = definition.edges.filter(({ to }) => to.node === id);
    const outgoing = definition.edges.filter(({ from }) => from.node === id && from.port !== 'error');
    for (const edge of definition.edges) if (edge.from.node === id || edge.to.node === id) edgesOf(doc).delete(edge.id);
    for (const { from } of incoming)
      for (const { id: first } of firsts) putEdge(doc, from, { node: first, port: 'in' });
    for (const { to } of outgoing)
      for (const from of lasts.flatMap((node) => endOf(node, kinds))) putEdge(doc, from, to);
    for (const node of body) {
      const map = mapOf(doc, node.id);
      if (container.parentId) map?.set('parentId', container.parentId);
      else map?.delete('parentId');
    }
    nodesOf(doc).delete(id);
    return [...inside];
  });
