import { groupBy } from './group.js';
import { outputsOf } from './ports.js';
import { sortLevel } from './levels.js';
import type { Definition, EdgeDefinition, NodeDefinition } from './definition.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';

/** Bits by position: 1,000 nodes are 32 words, so that ancestry of every pair is computed in a millisecond. */
type Bits = Uint32Array;
const has = (bits: Bits | undefined, index: number): boolean =>
  ((bits?.[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;

interface LevelFlow {
  readonly order: readonly NodeDefinition[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly incoming: ReadonlyMap<string, readonly EdgeDefinition[]>;
  readonly outgoing: ReadonlyMap<string, readonly EdgeDefinition[]>;
  /** Nodes above each node. */
  readonly above: readonly Bits[];
  /** Nodes above each node that have run whenever it runs: on every path to it. */
  readonly surely: readonly Bits[];
}

/**
 * What runs before what. Built from a definition that may still have problems: nodes whose id repeats count once, edges that cannot be
 * are left out, nodes on a cycle have nothing above them.
 */
export class Flow {
  readonly nodes: ReadonlyMap<string, NodeDefinition>;
  readonly #levels = new Map<string | undefined, LevelFlow>();
  readonly #typeOf: (node: NodeDefinition) => PublicNode | undefined;

  constructor(definition: Definition, typeOf: (node: NodeDefinition) => PublicNode | undefined) {
    this.#typeOf = typeOf;
    const nodes = new Map<string, NodeDefinition>();
    for (const node of definition.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    this.nodes = nodes;
    const byParent = groupBy(nodes.values(), (node) => node.parentId);
    const edges = definition.edges.filter((edge) => {
      const from = nodes.get(edge.from.node);
      const to = nodes.get(edge.to.node);
      return from && to && from.parentId === to.parentId;
    });
    const edgesByParent = groupBy(edges, (edge) => nodes.get(edge.from.node)?.parentId);
    for (const [parent, members] of byParent) {
      this.#levels.set(parent, flowOf(members, edgesByParent.get(parent) ?? []));
    }
  }

  /** The containers around a node, innermost first. */
  containersOf(node: NodeDefinition): NodeDefinition[] {
    const containers: NodeDefinition[] = [];
    let parent = this.parentOf(node);
    while (parent && !containers.includes(parent)) {
      containers.push(parent);
      parent = this.parentOf(parent);
    }
    return containers;
  }

  parentOf(node: NodeDefinition): NodeDefinition | undefined {
    return node.parentId === undefined ? undefined : this.nodes.get(node.parentId);
  }

  incoming(node: NodeDefinition): readonly EdgeDefinition[] {
    return this.#levels.get(node.parentId)?.incoming.get(node.id) ?? [];
  }

  outgoing(node: NodeDefinition): readonly EdgeDefinition[] {
    return this.#levels.get(node.parentId)?.outgoing.get(node.id) ?? [];
  }

  /** Nodes of a level, each after those above it; nodes on a cycle are left out. */
  order(parentId?: string): readonly NodeDefinition[] {
    return this.#levels.get(parentId)?.order ?? [];
  }

  /** Whether `node` can have run before `other`, in the same level. */
  isAbove(node: NodeDefinition, other: NodeDefinition): boolean {
    return this.#bit('above', node, other);
  }

  /** Whether `node` has run whenever `other` runs, in the same level. */
  surelyRan(node: NodeDefinition, other: NodeDefinition): boolean {
    return this.#bit('surely', node, other);
  }

  /** Ports that `node` can have left by when `other`, below it in the same level, runs. */
  portsTowards(node: NodeDefinition, other: NodeDefinition): ReadonlySet<string> {
    const ports = new Set<string>();
    for (const edge of this.outgoing(node)) {
      const target = this.nodes.get(edge.to.node);
      if (target && (target === other || this.isAbove(target, other))) ports.add(edge.from.port);
    }
    return ports;
  }

  /** Nodes of a body that run in every round: its first ones, and those reached from them by steps with one way out. */
  runsEveryRound(parentId: string): ReadonlySet<string> {
    const every = new Set<string>();
    for (const node of this.order(parentId)) {
      const incoming = this.incoming(node);
      const follows = incoming.some((edge) => every.has(edge.from.node) && this.#onlyWayOut(edge.from.node));
      if (incoming.length === 0 || follows) every.add(node.id);
    }
    return every;
  }

  #onlyWayOut(id: string): boolean {
    const node = this.nodes.get(id);
    const type = node && this.#typeOf(node);
    return type !== undefined && outputsOf(type, node?.config, node?.onError).length === 1;
  }

  #bit(which: 'above' | 'surely', node: NodeDefinition, other: NodeDefinition): boolean {
    const level = this.#levels.get(other.parentId);
    const index = level?.indexOf.get(node.id);
    const otherIndex = level?.indexOf.get(other.id);
    if (!level || index === undefined || otherIndex === undefined || node.parentId !== other.parentId) return false;
    return has(level[which][otherIndex], index);
  }
}

function flowOf(nodes: readonly NodeDefinition[], edges: readonly EdgeDefinition[]): LevelFlow {
  const { order, incoming, outgoing } = sortLevel(nodes, edges);
  const indexOf = new Map(order.map((node, index) => [node.id, index]));
  const words = Math.ceil(order.length / 32);
  const above: Bits[] = [];
  const surely: Bits[] = [];
  for (const node of order) {
    const aboveHere = new Uint32Array(words);
    const surelyHere = new Uint32Array(words);
    let first = true;
    for (const edge of incoming.get(node.id) ?? []) {
      const source = indexOf.get(edge.from.node);
      if (source === undefined) continue;
      const word = source >>> 5;
      const bit = 1 << (source & 31);
      for (let index = 0; index < words; index += 1) {
        const own = index === word ? bit : 0;
        aboveHere[index] = (aboveHere[index] ?? 0) | (above[source]?.[index] ?? 0) | own;
        const through = (surely[source]?.[index] ?? 0) | own;
        surelyHere[index] = first ? through : (surelyHere[index] ?? 0) & through;
      }
      first = false;
    }
    above.push(aboveHere);
    surely.push(surelyHere);
  }
  return { order, indexOf, incoming, outgoing, above, surely };
}
