import type * as Y from 'yjs';
import type { Definition, DepartmentSettings, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import {
  edgesOf,
  nodesOf,
  readEdge,
  readNode,
  readSettings,
  settingsOf,
  sortedKeys,
  type InvalidPart,
} from '#engine/graph/document/shape.js';
import { share } from './share.js';

/** A draft at one moment. Whatever did not change since the last one is the same object. */
export interface DocumentSnapshot {
  readonly definition: Definition;
  /** What stands in the document but is no part of a definition. */
  readonly invalid: readonly InvalidPart[];
}

/** What screens see of a draft. Every listener fits `useSyncExternalStore`. */
export interface DocumentStore {
  getSnapshot(): DocumentSnapshot;
  subscribe(listener: () => void): () => void;
  /** Changes only when nodes come, go or change their order: not when something about one of them does. */
  getNodeIds(): readonly string[];
  subscribeNodeIds(listener: () => void): () => void;
  getNode(id: string): NodeDefinition | undefined;
  subscribeNode(id: string, listener: () => void): () => void;
  getEdges(): readonly EdgeDefinition[];
  subscribeEdges(listener: () => void): () => void;
  getSettings(): DepartmentSettings;
  subscribeSettings(listener: () => void): () => void;
  destroy(): void;
}

/** Follows a document: each change costs what it touched, and a list of what is there. */
export function createDocumentStore(doc: Y.Doc): DocumentStore {
  const nodes = new Parts(nodesOf(doc), readNode);
  const edges = new Parts(edgesOf(doc), readEdge);
  let settings: DepartmentSettings = readSettings(doc);
  let snapshot: DocumentSnapshot | null = null;
  const [all, nodeIds, edgeList, settingsListeners] = [newListeners(), newListeners(), newListeners(), newListeners()];
  const byNode = new Map<string, Set<() => void>>();

  const follow = (transaction: Y.Transaction): void => {
    const touched = transaction.changedParentTypes;
    const ofNodes = touched.has(nodesOf(doc) as never) ? nodes.update(keysIn(transaction, nodesOf(doc))) : nothing;
    const ofEdges = touched.has(edgesOf(doc) as never) ? edges.update(keysIn(transaction, edgesOf(doc))) : nothing;
    const before = settings;
    if (touched.has(settingsOf(doc) as never)) settings = share(before, readSettings(doc));
    const edgesChanged = ofEdges.list || ofEdges.changed.length > 0;
    if (ofNodes.changed.length === 0 && !ofNodes.list && !edgesChanged && settings === before) return;
    snapshot = null;
    for (const key of ofNodes.changed) for (const listener of byNode.get(key) ?? []) listener();
    if (ofNodes.list) tell(nodeIds);
    if (edgesChanged) tell(edgeList);
    if (settings !== before) tell(settingsListeners);
    tell(all);
  };
  doc.on('afterTransaction', follow);

  return {
    getSnapshot() {
      snapshot ??= {
        definition: { format: 1, nodes: nodes.values(), edges: edges.values(), settings },
        invalid: readInvalid(doc, nodes, edges),
      };
      return snapshot;
    },
    subscribe: listenTo(all),
    getNodeIds: () => nodes.keys(),
    subscribeNodeIds: listenTo(nodeIds),
    getNode: (id) => nodes.get(id),
    subscribeNode(id, listener) {
      const known = byNode.get(id) ?? newListeners();
      byNode.set(id, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0 && byNode.get(id) === known) byNode.delete(id);
      };
    },
    getEdges: () => edges.values(),
    subscribeEdges: listenTo(edgeList),
    getSettings: () => settings,
    subscribeSettings: listenTo(settingsListeners),
    destroy: () => doc.off('afterTransaction', follow),
  };
}

const newListeners = (): Set<() => void> => new Set();
const tell = (listeners: ReadonlySet<() => void>): void => {
  for (const listener of listeners) listener();
};
const listenTo = (listeners: Set<() => void>) => (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

interface Changes {
  readonly changed: readonly string[];
  /** Some came, went or changed places. */
  readonly list: boolean;
}
const nothing: Changes = { changed: [], list: false };

/** Keys of a root map that a transaction changed something under. */
function keysIn(transaction: Y.Transaction, root: Y.Map<unknown>): Set<string> {
  const keys = new Set<string>();
  for (const [type, subs] of transaction.changed) {
    if (type === (root as never)) for (const key of subs) if (key !== null) keys.add(key);
    let at: Y.Item | null = type._item;
    while (at && at.parent !== (root as never)) at = (at.parent as Y.AbstractType<unknown>)._item;
    if (at && typeof at.parentSub === 'string') keys.add(at.parentSub);
  }
  return keys;
}

/** The nodes or the edges of a draft, read once and again only where something changed. */
class Parts<Part extends { readonly id: string }> {
  readonly #map: Y.Map<unknown>;
  readonly #read: (map: Y.Map<unknown>, key: string) => Part | null;
  readonly #parts = new Map<string, Part>();
  #keys: readonly string[] = [];
  #values: Part[] | null = null;

  constructor(map: Y.Map<unknown>, read: (map: Y.Map<unknown>, key: string) => Part | null) {
    this.#map = map;
    this.#read = read;
    this.update(new Set(map.keys()));
  }

  update(keys: ReadonlySet<string>): Changes {
    const changed: string[] = [];
    for (const key of keys) {
      const old = this.#parts.get(key);
      const part = this.#map.has(key) ? this.#read(this.#map, key) : null;
      const value = part ? share(old, part) : undefined;
      if (value === old) continue;
      changed.push(key);
      if (value) this.#parts.set(key, value);
      else this.#parts.delete(key);
    }
    const order = sortedKeys(this.#map).filter((key) => this.#parts.has(key));
    const sameOrder = order.length === this.#keys.length && order.every((key, at) => key === this.#keys[at]);
    if (!sameOrder) this.#keys = order;
    if (!sameOrder || changed.length > 0) this.#values = null;
    return { changed, list: !sameOrder };
  }

  keys = (): readonly string[] => this.#keys;
  get = (key: string): Part | undefined => this.#parts.get(key);
  has = (key: string): boolean => this.#parts.has(key);
  values = (): Part[] => (this.#values ??= this.#keys.flatMap((key) => this.#parts.get(key) ?? []));
}

const readInvalid = (
  doc: Y.Doc,
  nodes: { has(key: string): boolean },
  edges: { has(key: string): boolean },
): InvalidPart[] => [
  ...[...nodesOf(doc).keys()].filter((key) => !nodes.has(key)).map((key) => ({ part: 'node', key }) as const),
  ...[...edgesOf(doc).keys()].filter((key) => !edges.has(key)).map((key) => ({ part: 'edge', key }) as const),
];
