import { groupBy } from './group.js';
import { outputsOf } from './ports.js';
import { sortLevel } from './levels.js';
import { onlyUndoing } from './undoers.js';
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
  /** Nodes on every path to each node. */
  readonly onEveryPath: readonly Bits[];
  /** Nodes that run in every run in which it does: those on every path to it, and what they bring with them. */
  readonly together: readonly Bits[];
  /** Each node with those below it that run whenever it does. */
  readonly follows: readonly Bits[];
}

/**
 * What runs before what. Built from a definition that may still have problems: nodes whose id repeats count once, edges that cannot be
 * are left out, nodes on a cycle have nothing above them.
 */
export class Flow {
  readonly nodes: ReadonlyMap<string, NodeDefinition>;
  readonly #levels = new Map<string | undefined, LevelFlow>();
  readonly #typeOf: (node: NodeDefinition) => PublicNode | undefined;
  /** Nodes that only undo others run in no round. */
  readonly #apart: ReadonlySet<string>;

  constructor(definition: Definition, typeOf: (node: NodeDefinition) => PublicNode | undefined) {
    this.#typeOf = typeOf;
    this.#apart = onlyUndoing(definition);
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
      this.#levels.set(
        parent,
        flowOf(members, edgesByParent.get(parent) ?? [], (node) => this.#waysOut(node)),
      );
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

  /** Whether `node` has run whenever `other`, below it in the same level, runs: it is waited for, whichever way it took. */
  surelyRan(node: NodeDefinition, other: NodeDefinition): boolean {
    return this.isAbove(node, other) && this.#bit('together', node, other);
  }

  /** Ports that `node` can have left by when `other`, below it in the same level, runs; `undefined` when that may be any of them. */
  portsTowards(node: NodeDefinition, other: NodeDefinition): ReadonlySet<string> | undefined {
    // Beside another branch that leads to `other`, it may have gone elsewhere.
    if (this.surelyRan(node, other) && !this.#bit('onEveryPath', node, other)) return undefined;
    const ports = new Set<string>();
    for (const edge of this.outgoing(node)) {
      const target = this.nodes.get(edge.to.node);
      if (target && (target === other || this.isAbove(target, other))) ports.add(edge.from.port);
    }
    return ports;
  }

  /** Nodes of a body that run in every round: its first ones, and what they bring with them. */
  runsEveryRound(parentId: string): ReadonlySet<string> {
    const level = this.#levels.get(parentId);
    const first = level?.order.filter((node) => this.incoming(node).length === 0 && !this.#apart.has(node.id)) ?? [];
    const runs = first.map((node) => level?.follows[level.indexOf.get(node.id) ?? -1]);
    return new Set(level?.order.filter((_, index) => runs.some((bits) => has(bits, index))).map((node) => node.id));
  }

  /** Names of all ports of a node; `null` when its type is not known. */
  #waysOut(node: NodeDefinition): readonly string[] | null {
    const type = this.#typeOf(node);
    return type ? outputsOf(type, node.config, node.onError).map((port) => port.name) : null;
  }

  #bit(which: 'above' | 'onEveryPath' | 'together', node: NodeDefinition, other: NodeDefinition): boolean {
    const level = this.#levels.get(other.parentId);
    const index = level?.indexOf.get(node.id);
    const otherIndex = level?.indexOf.get(other.id);
    if (!level || index === undefined || otherIndex === undefined || node.parentId !== other.parentId) return false;
    return has(level[which][otherIndex], index);
  }
}

type WaysOut = (node: NodeDefinition) => readonly string[] | null;

function flowOf(nodes: readonly NodeDefinition[], edges: readonly EdgeDefinition[], waysOut: WaysOut): LevelFlow {
  const level = sortLevel(nodes, edges);
  const { order, incoming } = level;
  const indexOf = new Map(order.map((node, index) => [node.id, index]));
  const { follows, followsBy } = followersOf(level, indexOf, waysOut);
  const above: Bits[] = [];
  const onEveryPath: Bits[] = [];
  const together: Bits[] = [];
  // Of a department's triggers one starts a run; the first steps of a body all do.
  const always = bitsFor(order);
  for (const [index, node] of order.entries()) {
    if (node.parentId !== undefined && !incoming.get(node.id)?.length) addAll(always, follows[index]);
  }
  for (const node of order) {
    const aboveHere = bitsFor(order);
    let pathsHere: Bits | null = null;
    let togetherHere: Bits | null = null;
    for (const edge of incoming.get(node.id) ?? []) {
      const source = indexOf.get(edge.from.node);
      if (source === undefined) continue;
      const through = withBit(onEveryPath[source], source);
      // Whoever comes this way: the source left by this port.
      const brought = union(union(together[source], follows[source]), followsBy[source]?.get(edge.from.port));
      addAll(aboveHere, withBit(above[source], source));
      pathsHere = pathsHere ? intersection(pathsHere, through) : through;
      togetherHere = togetherHere ? intersection(togetherHere, brought) : brought;
    }
    above.push(aboveHere);
    onEveryPath.push(pathsHere ?? bitsFor(order));
    together.push(union(togetherHere ?? undefined, always));
  }
  return { ...level, indexOf, above, onEveryPath, together, follows };
}

/**
 * What runs below each node whenever it runs: what follows from every one of its ports. `followsBy` is what runs when it leaves by one
 * of them. From the bottom up, so that each is known when it is needed.
 */
function followersOf(
  { order, outgoing }: ReturnType<typeof sortLevel>,
  indexOf: ReadonlyMap<string, number>,
  waysOut: WaysOut,
): { follows: Bits[]; followsBy: ReadonlyMap<string, Bits>[] } {
  const follows: Bits[] = [];
  const followsBy: ReadonlyMap<string, Bits>[] = [];
  for (const [index, node] of [...order.entries()].toReversed()) {
    const byPort = new Map<string, Bits>();
    for (const edge of outgoing.get(node.id) ?? []) {
      const target = indexOf.get(edge.to.node);
      if (target === undefined) continue;
      const bits = byPort.get(edge.from.port) ?? bitsFor(order);
      addAll(bits, follows[target]);
      byPort.set(edge.from.port, bits);
    }
    const ports = waysOut(node) ?? [];
    const whichever = ports
      .map((port) => byPort.get(port) ?? bitsFor(order))
      .reduce<Bits | null>((all, bits) => (all ? intersection(all, bits) : bits), null);
    follows[index] = withBit(whichever ?? bitsFor(order), index);
    followsBy[index] = byPort;
  }
  return { follows, followsBy };
}

const bitsFor = (nodes: readonly unknown[]): Bits => new Uint32Array(Math.ceil(nodes.length / 32));

function addAll(bits: Bits, more: Bits | undefined): void {
  for (let index = 0; index < bits.length; index += 1) bits[index] = (bits[index] ?? 0) | (more?.[index] ?? 0);
}

const intersection = (a: Bits, b: Bits): Bits => a.map((word, index) => word & (b[index] ?? 0));

function union(a: Bits | undefined, b: Bits | undefined): Bits {
  const all = Uint32Array.from(a ?? b ?? []);
  addAll(all, b);
  return all;
}

function withBit(bits: Bits | undefined, index: number): Bits {
  const all = Uint32Array.from(bits ?? []);
  all[index >>> 5] = (all[index >>> 5] ?? 0) | (1 << (index & 31));
  return all;
}
