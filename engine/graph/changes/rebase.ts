import type { Json } from '#nodes/sdk/json.js';
import { canonicalJson } from '../checksum.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '../definition.js';
import { diff } from '../diff.js';

/** Where somebody has changed, meanwhile, what a proposal changes too. */
export interface Conflict {
  /** The step, or the one that the edge leaves. */
  readonly nodeId: string;
  readonly kind: 'stepGone' | 'stepChanged' | 'edgeChanged';
}

export type Rebased =
  | { readonly definition: Definition; readonly conflicts?: never }
  | { readonly definition?: never; readonly conflicts: readonly Conflict[] };

/**
 * What a proposal changes, done to the definition as it reads now: others' work stays. `base` is the definition that the proposal was made for.
 * Fields of a step count one by one, settings of its config too; where both changed the same to different things it is a conflict, and nothing is done.
 */
export function rebase(base: Definition, proposed: Definition, current: Definition): Rebased {
  if (current === base) return { definition: proposed };
  const changes = diff(base, proposed);
  const conflicts: Conflict[] = [];
  const before = new Map(base.nodes.map((node) => [node.id, node]));
  const wanted = new Map(proposed.nodes.map((node) => [node.id, node]));
  const now = new Map(current.nodes.map((node) => [node.id, node]));

  const removed = new Set(changes.nodes.removed.map(({ id }) => id));
  for (const id of removed) {
    const [old, present] = [before.get(id), now.get(id)];
    if (old && present && !sameButPlace(old, present)) conflicts.push({ nodeId: id, kind: 'stepChanged' });
  }
  const changed = new Map<string, NodeDefinition>();
  for (const { nodeId } of changes.nodes.changed) {
    const [old, next, present] = [before.get(nodeId), wanted.get(nodeId), now.get(nodeId)];
    if (!old || !next) continue;
    const merged = present && mergeNode(old, next, present);
    if (merged) changed.set(nodeId, merged);
    // A step that only made room needs none any more.
    else if (present || !sameButPlace(old, next))
      conflicts.push({ nodeId, kind: present ? 'stepChanged' : 'stepGone' });
  }
  const added = changes.nodes.added.filter(({ id }) => !now.has(id));
  const nodes = [
    ...current.nodes.filter(({ id }) => !removed.has(id)).map((node) => changed.get(node.id) ?? node),
    ...added,
  ];
  const there = new Set(nodes.map(({ id }) => id));
  for (const { parentId, id } of added)
    if (parentId !== undefined && !there.has(parentId)) conflicts.push({ nodeId: id, kind: 'stepGone' });

  const drawn = new Map(current.edges.map((edge) => [keyOf(edge), edge]));
  const untouched = new Set(base.edges.map(keyOf));
  for (const edge of changes.edges.removed) {
    const gone = removed.has(edge.from.node) || removed.has(edge.to.node);
    if (!drawn.delete(keyOf(edge)) && !gone) conflicts.push({ nodeId: edge.from.node, kind: 'edgeChanged' });
  }
  for (const edge of changes.edges.added) {
    const missing = [edge.from.node, edge.to.node].find((id) => !there.has(id));
    if (missing !== undefined) conflicts.push({ nodeId: missing, kind: 'stepGone' });
    else if (!drawn.has(keyOf(edge))) drawn.set(keyOf(edge), edge);
  }
  // Somebody led a new edge to a step that the proposal takes away.
  for (const [key, edge] of drawn) {
    if (there.has(edge.from.node) && there.has(edge.to.node)) continue;
    if (untouched.has(key)) drawn.delete(key);
    else conflicts.push({ nodeId: edge.from.node, kind: 'edgeChanged' });
  }
  if (conflicts.length > 0) return { conflicts: distinct(conflicts) };
  return { definition: { ...current, nodes, edges: [...drawn.values()] } };
}

const keyOf = ({ from, to }: EdgeDefinition): string => JSON.stringify([from.node, from.port, to.node, to.port]);

const sameButPlace = (a: NodeDefinition, b: NodeDefinition): boolean =>
  canonicalJson({ ...a, position: null }) === canonicalJson({ ...b, position: null });

/** `null` when both changed the same to different things. Where it stands is never worth a quarrel: who moved it last by hand is right. */
function mergeNode(old: NodeDefinition, next: NodeDefinition, present: NodeDefinition): NodeDefinition | null {
  const { config: oldConfig, position: oldPlace, ...oldRest } = old;
  const { config: nextConfig, position: nextPlace, ...nextRest } = next;
  const { config: presentConfig, position: presentPlace, ...presentRest } = present;
  const rest = mergeFields(oldRest, nextRest, presentRest);
  const config = mergeFields(oldConfig, nextConfig, presentConfig);
  if (!rest || !config) return null;
  const position = canonicalJson(presentPlace) === canonicalJson(oldPlace) ? nextPlace : presentPlace;
  return { ...rest, config, position } as NodeDefinition;
}

type Fields = Readonly<Record<string, unknown>>;

function mergeFields(old: Fields, next: Fields, present: Fields): Record<string, Json> | null {
  const merged: Record<string, unknown> = { ...present };
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
    const [was, wanted, is] = [old[key], next[key], present[key]].map(textOf);
    if (was === wanted || is === wanted) continue;
    if (is !== was) return null;
    if (next[key] === undefined) delete merged[key];
    else merged[key] = next[key];
  }
  return merged as Record<string, Json>;
}

const textOf = (value: unknown): string => (value === undefined ? '' : canonicalJson(value));

const distinct = (conflicts: readonly Conflict[]): Conflict[] => [
  ...new Map(conflicts.map((conflict) => [`${conflict.kind} ${conflict.nodeId}`, conflict])).values(),
];
