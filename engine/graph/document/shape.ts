import type * as Y from 'yjs';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import {
  canvasNote,
  departmentSettings,
  edgeDefinition,
  nodeDefinition,
  type Definition,
  type DepartmentSettings,
  type EdgeDefinition,
  type NodeDefinition,
} from '../definition.js';
import { readShared, sharedMap, sharedText } from './values.js';

/**
 * The draft of a department as a shared document: `nodes` and `edges` hold one map for each, by id; `settings` is a map. A node's map has
 * the keys of its definition; `config` is a map, and what is inside it is shared too, texts by letter, as `title` and `note` are. `position`, `retry`,
 * `from` and `to` are set as a whole. `order`
 * is a number that says where it stands in the definition's list.
 */
export const rootNames = { nodes: 'nodes', edges: 'edges', settings: 'settings' } as const;

export const nodesOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap(rootNames.nodes);
export const edgesOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap(rootNames.edges);
export const settingsOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap(rootNames.settings);

const nodeKeys = Object.keys(nodeDefinition.shape);
const edgeKeys = Object.keys(edgeDefinition.shape);

/** Something in a document that is no part of a definition, by its key. */
export interface InvalidPart {
  readonly part: 'node' | 'edge' | 'settings';
  readonly key: string;
}

/** Everything that stands in a draft, as `validate` takes it: what is out of shape is in it, so that it can be said where. Never throws. */
export function readDraft(doc: Y.Doc): { format: 1; nodes: JsonObject[]; edges: JsonObject[]; settings: JsonObject } {
  return {
    format: 1,
    nodes: rawParts(nodesOf(doc), rawNode),
    edges: rawParts(edgesOf(doc), rawEdge),
    settings: rawSettings(doc),
  };
}

const rawParts = (map: Y.Map<unknown>, read: (value: unknown, key: string) => JsonObject | null): JsonObject[] =>
  sortedKeys(map).flatMap((key) => {
    const part = read(map.get(key), key);
    return part ? [part] : [];
  });

/** The definition that a draft holds, without what is out of shape, and what that was. Never throws. */
export function readDefinition(doc: Y.Doc): { definition: Definition; invalid: readonly InvalidPart[] } {
  const invalid: InvalidPart[] = [];
  const each = <Part>(
    map: Y.Map<unknown>,
    part: 'node' | 'edge',
    read: (map: Y.Map<unknown>, key: string) => Part | null,
  ) =>
    sortedKeys(map).flatMap((key) => {
      const found = read(map, key);
      if (!found) invalid.push({ part, key });
      return found ? [found] : [];
    });
  const nodes = each(nodesOf(doc), 'node', readNode);
  const edges = each(edgesOf(doc), 'edge', readEdge);
  const settings = departmentSettings.safeParse(rawSettings(doc));
  if (!settings.success) invalid.push({ part: 'settings', key: '' });
  return { definition: { format: 1, nodes, edges, settings: settings.data ?? {} }, invalid };
}

/** The settings alone; none while they are out of shape. */
export const readSettings = (doc: Y.Doc): DepartmentSettings =>
  departmentSettings.safeParse(rawSettings(doc)).data ?? {};

/** The node under a key; `null` when there is none or it is out of shape. */
export const readNode = (nodes: Y.Map<unknown>, key: string): NodeDefinition | null =>
  nodeDefinition.safeParse(rawNode(nodes.get(key), key)).data ?? null;

/** The edge under a key; `null` when there is none or it is out of shape. */
export const readEdge = (edges: Y.Map<unknown>, key: string): EdgeDefinition | null =>
  edgeDefinition.safeParse(rawEdge(edges.get(key), key)).data ?? null;

/** A node that another program made may lack what can be had without it. */
function rawNode(value: unknown, key: string): JsonObject | null {
  const read = rawPart(value, key, nodeKeys);
  return read && { version: 1, ...read, config: read['config'] ?? {}, position: placeOf(read['position']) };
}

const rawEdge = (value: unknown, key: string): JsonObject | null => rawPart(value, key, edgeKeys);

function placeOf(value: Json | undefined): JsonObject {
  const place = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  const axis = (name: 'x' | 'y'): number => (typeof place[name] === 'number' ? place[name] : 0);
  return { x: axis('x'), y: axis('y') };
}

function rawPart(value: unknown, key: string, names: readonly string[]): JsonObject | null {
  const map = sharedMap(value);
  if (!map) return null;
  const read: Record<string, Json> = { id: key };
  for (const name of names) {
    const part = readShared(map.get(name));
    const longest = longestOf[name];
    if (sharedText(map.get(name))?.length === 0) continue;
    if (part !== undefined) read[name] = longest && typeof part === 'string' ? cut(part, longest) : part;
  }
  return read;
}

/** Two who write at once may write more than there is room for: it ends there, for everybody, and the step stays one. */
const longestOf: Readonly<Record<string, number>> = {
  title: nodeDefinition.shape.title.unwrap().maxLength ?? Infinity,
  note: nodeDefinition.shape.note.unwrap().maxLength ?? Infinity,
};
const LONGEST_PAPER = canvasNote.shape.text.maxLength ?? Infinity;

/** The beginning of a text, without half of a character at its end. */
const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '');

/** Settings as they stand; what is written on paper ends where it may. */
function rawSettings(doc: Y.Doc): JsonObject {
  const settings = (readShared(settingsOf(doc)) ?? {}) as JsonObject;
  const papers = settings['notes'];
  if (typeof papers !== 'object' || papers === null) return settings;
  if (Array.isArray(papers)) return settings;
  const notes = Object.entries(papers).map(([id, paper]) => {
    if (typeof paper !== 'object' || paper === null || Array.isArray(paper)) return [id, paper];
    const { text = '' } = paper;
    return [id, { ...paper, text: typeof text === 'string' ? cut(text, LONGEST_PAPER) : text }];
  });
  return { ...settings, notes: Object.fromEntries(notes) as JsonObject };
}

/** Keys in the order of the definition's list: by `order`, and by key where it says nothing, so that everybody sees the same. */
export function sortedKeys(map: Y.Map<unknown>): string[] {
  const keyed = [...map.keys()].map((key) => ({ key, order: orderOf(map.get(key)) ?? Infinity }));
  keyed.sort((a, b) => (a.order === b.order ? (a.key < b.key ? -1 : 1) : a.order < b.order ? -1 : 1));
  return keyed.map(({ key }) => key);
}

/** Where a node or an edge stands in its list. */
export function orderOf(value: unknown): number | undefined {
  const order = sharedMap(value)?.get('order');
  return typeof order === 'number' && Number.isFinite(order) ? order : undefined;
}

/** An order behind all others. */
export const nextOrder = (map: Y.Map<unknown>): number =>
  [...map.values()].reduce<number>((most, each) => Math.max(most, orderOf(each) ?? 0), 0) + 1;
