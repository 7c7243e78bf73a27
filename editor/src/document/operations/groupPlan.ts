import type { Definition, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { onlyUndoing, undoneBy } from '#engine/graph/undoers.js';
import type { NodeKinds } from '../kinds.js';
import { beginsAsOne, exitsOf, type Selection } from './exits.js';

/** Why a selection cannot become a sub-department. */
export type GroupRefusal =
  'empty' | 'locked' | 'severalLevels' | 'trigger' | 'returns' | 'severalEntries' | 'severalExits';

export interface GroupPlan extends Selection {
  readonly chosen: ReadonlySet<string>;
  /** The chosen nodes and everything inside them. */
  readonly inside: readonly NodeDefinition[];
}

/** Why these nodes cannot become a sub-department; `null` when they can. */
export function groupRefusal(definition: Definition, ids: Iterable<string>, kinds: NodeKinds): GroupRefusal | null {
  const plan = planOf(definition, ids);
  const { chosen, nodes, leaving } = plan;
  const [level, ...others] = new Set(nodes.map(({ parentId }) => parentId));
  if (nodes.length === 0) return 'empty';
  if (nodes.some(({ locked }) => locked)) return 'locked';
  if (others.length > 0) return 'severalLevels';
  if (nodes.some((node) => kinds.isTrigger(node))) return 'trigger';
  if (comesBack(definition, chosen, leaving)) return 'returns';
  const beside = definition.nodes.filter(({ parentId }) => parentId === level);
  const there = new Set(beside.map(({ id }) => id));
  const edges = definition.edges.filter(({ from, to }) => there.has(from.node) && there.has(to.node));
  if (!beginsAsOne(plan, { nodes: beside, edges, body: level !== undefined }, kinds)) return 'severalEntries';
  return exitsOf(plan, kinds) ? null : 'severalExits';
}

/** What these nodes are to each other and to the rest. One that only undoes steps outside stays with them. */
export function planOf(definition: Definition, ids: Iterable<string>): GroupPlan {
  const asked = new Set(ids);
  const apart = onlyUndoing(definition);
  const staysOut = (id: string): boolean =>
    apart.has(id) && undoneBy(definition.nodes, id).some((undone) => !asked.has(undone.id));
  const nodes = definition.nodes.filter(
    ({ id, parentId }) => asked.has(id) && !(parentId && asked.has(parentId)) && !staysOut(id),
  );
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
    apart,
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
