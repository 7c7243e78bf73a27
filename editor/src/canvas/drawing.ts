import type { Edge, Node } from '@xyflow/react';
import type { Definition } from '../api/types.js';
import type { RouteEdgeData, StepNodeData } from './layout.js';
import type { Point } from './routes.js';

/** Somebody else has this step in hand. */
export interface Holder {
  readonly name: string;
  readonly color: string;
}

/** How a step differs from another version: added, removed, changed. */
export type DiffMark = 'added' | 'removed' | 'changed';

export interface CanvasNodeData extends StepNodeData {
  readonly errors: number;
  readonly locked: boolean;
  readonly hasNote: boolean;
  readonly pinned: boolean;
  readonly comments: number;
  /** Said instead of the kind of step. */
  readonly detail: string | null;
  /** The kind of step, said where there is no such setting. */
  readonly rest: string;
  readonly held: Holder | null;
  /** The selected step reads this one, or feeds it. */
  readonly trace: 'reads' | 'feeds' | null;
  readonly diff: DiffMark | null;
  readonly connectable: boolean;
}
export type CanvasNode = Node<CanvasNodeData, 'step' | 'container'>;

export interface NoteData extends Record<string, unknown> {
  readonly text: string;
  readonly color: string;
  readonly readOnly: boolean;
}
export type NoteNode = Node<NoteData, 'note'>;

/** What stands on the canvas. */
export type AnyNode = CanvasNode | NoteNode;

/** Where an edge was planned to begin and end: while one of its steps is dragged it runs elsewhere. */
export interface EdgeEnds {
  readonly start: Point;
  readonly end: Point;
  /** From there to the right side of the step it leaves, and of the one it comes to. */
  readonly reach: readonly [number, number];
}

export interface CanvasEdgeData extends RouteEdgeData {
  readonly readOnly: boolean;
  readonly middle: Point | null;
  readonly ends: EdgeEnds | null;
  readonly diff: DiffMark | null;
  /** It is the one edge that is selected. */
  readonly alone?: boolean;
}
export type CanvasEdge = Edge<CanvasEdgeData, 'route'>;

/** What a step says of itself at rest: the one setting that tells it from its like. */
export function detailOf(
  node: Definition['nodes'][number],
  words: { upTo: (count: number) => string; ways: (count: number) => string },
): string | null {
  const { config } = node;
  if (node.type === 'logic.loop' || node.type === 'logic.forEach') {
    const limit = typeof config['limit'] === 'number' ? config['limit'] : node.type === 'logic.loop' ? 10 : 100;
    return words.upTo(limit);
  }
  for (const key of ['cases', 'intents']) {
    const items = config[key];
    if (Array.isArray(items) && items.length > 0) return words.ways(items.length + 1);
  }
  for (const key of ['if', 'when', 'until', 'text', 'question', 'url', 'query']) {
    const value = config[key];
    if (typeof value === 'string' && value.trim() !== '') return value.replace(/\{\{\s*|\s*\}\}/g, '').slice(0, 60);
  }
  return null;
}

/** Item, data, ways out or ends, one of them, its place: what lies deeper than that is compared by identity. */
const deepest = 5;

/** The old objects wherever nothing about them changed, so that only what did is drawn again; the old list if that is nothing. */
export function reuse<Item extends { id: string; data?: unknown }>(before: Item[], items: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const kept = items.map((item) => {
    const old = known.get(item.id);
    return old && same(old, item, deepest) ? old : item;
  });
  return kept.length === before.length && kept.every((item, index) => item === before[index]) ? before : kept;
}

function same(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], depth - 1));
}
