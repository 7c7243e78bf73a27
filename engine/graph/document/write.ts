import * as Y from 'yjs';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { canonicalJson } from '../checksum.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '../definition.js';
import { keepOrders } from './orders.js';
import { edgesOf, nodesOf, orderOf, settingsOf } from './shape.js';
import { readShared, sharedMap, toShared, writeEntry, writeMap } from './values.js';

/**
 * Makes the draft this definition in one transaction and touches only what differs, so that what others do at the same time to other
 * fields stays. Nodes that share an id, which is a problem to be told and not to be hidden, get keys of their own.
 */
export function writeDefinition(doc: Y.Doc, definition: Definition, origin?: unknown): void {
  doc.transact(() => {
    writeParts(nodesOf(doc), definition.nodes, writeNode);
    writeParts(edgesOf(doc), definition.edges, writePart);
    writeMap(settingsOf(doc), definition.settings as JsonObject);
  }, origin);
}

/** A document that holds this definition. */
export function createDocument(definition: Definition): Y.Doc {
  const doc = new Y.Doc();
  writeDefinition(doc, definition);
  return doc;
}

type Part = NodeDefinition | EdgeDefinition;

function writeParts<P extends Part>(
  map: Y.Map<unknown>,
  parts: readonly P[],
  write: (map: Y.Map<unknown>, part: P) => void,
): void {
  const keyed = withKeys(parts);
  for (const key of [...map.keys()]) if (!keyed.has(key)) map.delete(key);
  const orders = keepOrders([...keyed.keys()].map((key) => orderOf(map.get(key))));
  let at = 0;
  for (const [key, part] of keyed) {
    const order = orders[at++] ?? at;
    const known = sharedMap(map.get(key));
    if (known) {
      write(known, part);
      if (known.get('order') !== order) known.set('order', order);
    } else map.set(key, newPart(part, order));
  }
}

function withKeys<P extends Part>(parts: readonly P[]): Map<string, P> {
  const keyed = new Map<string, P>();
  for (const part of parts) {
    let key = part.id;
    for (let copy = 2; keyed.has(key); copy += 1) key = `${part.id}#${copy}`;
    keyed.set(key, part);
  }
  return keyed;
}

/** What of a node several may write in at once; everything else but its `config` is set as a whole. */
const sharedFields = ['title', 'note'] as const;

/** A node or an edge as it stands in a document, not yet in one. */
export function newPart(part: Part, order: number): Y.Map<unknown> {
  const { config, title, note, ...fields } = part as NodeDefinition;
  const map = new Y.Map<unknown>([
    ...Object.entries(fields).filter(([, value]) => value !== undefined),
    ['order', order],
  ]);
  for (const [key, value] of Object.entries({ config, title, note }))
    if (value !== undefined) map.set(key, toShared(value as Json));
  return map;
}

function writeNode(map: Y.Map<unknown>, { config, title, note, ...fields }: NodeDefinition): void {
  writePart(map, fields, ['config', ...sharedFields]);
  for (const [key, value] of Object.entries({ config, title, note })) writeEntry(map, key, value as Json | undefined);
}

/** Sets each field as a whole where it differs. */
function writePart(
  map: Y.Map<unknown>,
  fields: Omit<NodeDefinition, 'config'> | EdgeDefinition,
  leave: readonly string[] = [],
): void {
  const kept = new Set([...Object.keys(fields), 'order', ...leave]);
  for (const key of [...map.keys()]) if (!kept.has(key)) map.delete(key);
  for (const [key, value] of Object.entries(fields)) setWhole(map, key, value as Json | undefined);
}

/** Sets a field that is never merged inside. Nothing happens when it already reads the same. */
export function setWhole(map: Y.Map<unknown>, key: string, value: Json | undefined): void {
  if (value === undefined) {
    if (map.has(key)) map.delete(key);
  } else if (!map.has(key) || canonicalJson(readShared(map.get(key)) ?? null) !== canonicalJson(value))
    map.set(key, value);
}
