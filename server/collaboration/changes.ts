import * as Y from 'yjs';
import { edgesOf, nodesOf, settingsOf } from '#engine/graph/document/shape.js';
import type { DraftChange } from './log.js';

/** Fields below a node that are told apart: `config.query`, and `config.buttons` for whatever changes in it. */
const DEEPEST = 2;
const MOST_KEPT = 5_000;

/** Gathers who changed which fields, one entry for each. */
export class Changes {
  readonly #changes = new Map<string, DraftChange>();

  /** What one transaction changed, by this person. */
  note(doc: Y.Doc, { changed }: Y.Transaction, userId: string): void {
    for (const [type, keys] of changed) {
      const place = placeOf(doc, type);
      if (place) for (const key of keys) this.#add(place, key, userId);
    }
  }

  #add({ root, path }: Place, key: string | null, userId: string): void {
    const whole = key === null ? path : [...path, key];
    // A place in the list is nobody's work.
    if (root !== 'settings' && whole[1] === 'order') return;
    const [first = '', ...below] = whole;
    const field = below.slice(0, DEEPEST).join('.');
    const change =
      root === 'nodes'
        ? { nodeId: first, path: field, userId }
        : { nodeId: '', path: [root, first].filter(Boolean).join('.'), userId };
    if (this.#changes.size < MOST_KEPT) this.#changes.set(`${change.nodeId} ${change.path} ${userId}`, change);
  }

  /** Everything since the last time. */
  take(): readonly DraftChange[] {
    const taken = [...this.#changes.values()];
    this.#changes.clear();
    return taken;
  }

  putBack(changes: readonly DraftChange[]): void {
    for (const change of changes) {
      const key = `${change.nodeId} ${change.path} ${change.userId}`;
      if (!this.#changes.has(key)) this.#changes.set(key, change);
    }
  }
}

interface Place {
  readonly root: 'nodes' | 'edges' | 'settings';
  /** Keys from the root down, up to the first list. */
  readonly path: readonly string[];
}

type AnyType = Y.Transaction['changed'] extends Map<infer Type, unknown> ? Type : never;

function placeOf(doc: Y.Doc, type: AnyType): Place | null {
  // A root becomes a map when it is first asked for as one, and another object with it: before the way up.
  const roots = { nodes: nodesOf(doc), edges: edgesOf(doc), settings: settingsOf(doc) };
  let path: string[] = [];
  let at: AnyType = type;
  while (at._item) {
    if (at._item.parentSub === null) path = [];
    else path.unshift(at._item.parentSub);
    const { parent } = at._item;
    // A part of something that is gone already.
    if (!(parent instanceof Y.AbstractType)) return null;
    at = parent as AnyType;
  }
  for (const [root, map] of Object.entries(roots))
    if (at === (map as never)) return { root: root as Place['root'], path };
  return null;
}
