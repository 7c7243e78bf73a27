import type { Json } from '#nodes/sdk/json.js';
import { groupBy } from './group.js';
import type { Definition, EdgeDefinition, NodeDefinition } from './definition.js';

/** One level of a department, prepared once per version so that a run does no searching. */
export interface Level {
  /** Every node after all nodes above it; nodes of equal standing in the order of the definition. */
  readonly order: readonly NodeDefinition[];
  /** Edges into each node of the level; an empty list for a node that starts it. */
  readonly incoming: ReadonlyMap<string, readonly EdgeDefinition[]>;
  readonly outgoing: ReadonlyMap<string, readonly EdgeDefinition[]>;
  /** Nodes of the level with no edge out of them, in order: a body's value is the value of the one that finished last. */
  readonly terminals: readonly NodeDefinition[];
  /** Bodies of the containers of this level, by container id. */
  readonly children: ReadonlyMap<string, Level>;
}

/** What a step leaves behind. `port` is `null` when it was skipped: every way in was dead. */
export interface Settled {
  readonly port: string | null;
  readonly value: Json;
}

export const SKIPPED: Settled = { port: null, value: null };

/** Nodes of one level that stand on a cycle or below one; a valid definition has none. */
export class CycleError extends Error {
  override readonly name = 'CycleError';
  readonly nodeIds: readonly string[];

  constructor(nodeIds: readonly string[]) {
    super(`The nodes ${nodeIds.join(', ')} form a cycle`);
    this.nodeIds = nodeIds;
  }
}

/**
 * The level under `parentId` (the top without it) with the levels inside it. Linear in nodes and edges.
 * Expects a validated definition; throws `CycleError` when a level is not acyclic. Edges that join two levels are left out.
 */
export function levelOf(definition: Definition, parentId?: string): Level {
  const byParent = groupBy(definition.nodes, (node) => node.parentId);
  const parentOf = new Map(definition.nodes.map((node) => [node.id, node.parentId]));
  const inside = definition.edges.filter(
    ({ from, to }) =>
      parentOf.has(from.node) && parentOf.has(to.node) && parentOf.get(from.node) === parentOf.get(to.node),
  );
  const edges = groupBy(inside, (edge) => parentOf.get(edge.from.node));
  const build = (parent: string | undefined): Level => {
    const { order, cyclic, incoming, outgoing } = sortLevel(byParent.get(parent) ?? [], edges.get(parent) ?? []);
    if (cyclic.length > 0) throw new CycleError(cyclic.map((node) => node.id));
    const children = new Map<string, Level>();
    for (const node of order) if (byParent.has(node.id)) children.set(node.id, build(node.id));
    const terminals = order.filter((node) => outgoing.get(node.id)?.length === 0);
    return { order, incoming, outgoing, terminals, children };
  };
  return build(parentId);
}

interface SortedLevel {
  readonly order: NodeDefinition[];
  /** Nodes that could not be placed, in the order of the definition. */
  readonly cyclic: NodeDefinition[];
  readonly incoming: Map<string, EdgeDefinition[]>;
  readonly outgoing: Map<string, EdgeDefinition[]>;
}

/** Kahn's algorithm over the nodes and edges of one level. Edges must join nodes of the list. */
export function sortLevel(nodes: readonly NodeDefinition[], edges: readonly EdgeDefinition[]): SortedLevel {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const incoming = new Map<string, EdgeDefinition[]>();
  const outgoing = new Map<string, EdgeDefinition[]>();
  const missing = new Map<string, number>();
  for (const id of byId.keys()) {
    incoming.set(id, []);
    outgoing.set(id, []);
  }
  for (const edge of edges) {
    outgoing.get(edge.from.node)?.push(edge);
    incoming.get(edge.to.node)?.push(edge);
    missing.set(edge.to.node, (missing.get(edge.to.node) ?? 0) + 1);
  }
  const order = [...byId.values()].filter((node) => !missing.has(node.id));
  const placed = new Set(order.map((node) => node.id));
  // `order` grows while it is walked: it is the queue as well.
  for (const node of order) {
    for (const edge of outgoing.get(node.id) ?? []) {
      const left = (missing.get(edge.to.node) ?? 0) - 1;
      missing.set(edge.to.node, left);
      const target = byId.get(edge.to.node);
      if (left !== 0 || !target) continue;
      order.push(target);
      placed.add(target.id);
    }
  }
  return { order, cyclic: nodes.filter((node) => !placed.has(node.id)), incoming, outgoing };
}

/** The whole of the control semantics: a node runs when one way in is live; with none it is skipped, and its own ports are dead. A node without edges into it starts its level. */
export function isLive(incoming: readonly EdgeDefinition[], results: ReadonlyMap<string, Settled>): boolean {
  if (incoming.length === 0) return true;
  return incoming.some((edge) => edgeIsLive(edge, results));
}

const edgeIsLive = (edge: EdgeDefinition, results: ReadonlyMap<string, Settled>): boolean =>
  results.get(edge.from.node)?.port === edge.from.port;

/** What `run` gets as `input`: the value of the live edge, an object by source node id when several are live, `null` with none. */
export function inputFrom(incoming: readonly EdgeDefinition[], results: ReadonlyMap<string, Settled>): Json {
  const [first] = incoming;
  if (incoming.length === 1 && first)
    return edgeIsLive(first, results) ? (results.get(first.from.node)?.value ?? null) : null;
  const live = [...new Set(incoming.filter((edge) => edgeIsLive(edge, results)).map((edge) => edge.from.node))];
  const [only] = live;
  if (only === undefined) return null;
  const valueOf = (id: string): Json => results.get(id)?.value ?? null;
  return live.length === 1 ? valueOf(only) : Object.fromEntries(live.map((id) => [id, valueOf(id)]));
}
