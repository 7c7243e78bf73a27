import * as Y from 'yjs';
import { sha256 } from '../sha256.js';
import { writeText } from './texts.js';
import { sharedList, sharedMap, sharedText, toShared } from './values.js';

/** Where a text stands: under a key of a map, or at an index of a list. */
export interface TextPlace {
  readonly within: unknown;
  readonly at: string;
}

/**
 * Makes sure that what stands there is a text shared by letters, for whoever is about to type: where there is none yet, or one that was
 * written as a whole. Whoever does so at the same time makes the very same one, because its id follows from what it takes the place of; so
 * nobody's first letters go. Not an edit to undo, and no part of one: call it outside of transactions. Nothing happens where something else stands.
 */
export function shareText(doc: Y.Doc, { within, at }: TextPlace): void {
  if (doc._transaction !== null) return;
  const map = sharedMap(within);
  const list = sharedList(within);
  const current = map ? map.get(at) : list?.get(Number(at));
  if (current !== undefined && typeof current !== 'string') return;
  if (map) born(doc, originOf(map, at), () => map.set(at, new Y.Text(current ?? '')));
  const item = list && current !== undefined ? itemAt(list, Number(at)) : null;
  if (list && item)
    born(doc, `item ${item}`, () => {
      list.insert(Number(at) + 1, [new Y.Text(current)]);
      list.delete(Number(at));
    });
}

/** Does something as if it were done by a client that only ever does this. */
function born(doc: Y.Doc, origin: string, make: () => void): void {
  const own = doc.clientID;
  // 48 bits: two places of one draft that got the same would be one in 10^14.
  const id = Number.parseInt(sha256(`text 1 ${origin}`).slice(0, 12), 16);
  // It was made before, and taken away again by something that left no trace here.
  if (Y.getState(doc.store, id) > 0) return;
  try {
    doc.clientID = id;
    doc.transact(make, BIRTH);
  } finally {
    doc.clientID = own;
  }
}

const BIRTH = Symbol('a text begins');

/** What an entry of a map stands in for: the map, the key, and what was last set there. */
function originOf(map: Y.Map<unknown>, key: string): string {
  const last = map._map.get(key);
  return JSON.stringify(['entry', idOf(map._item?.id), key, idOf(last?.lastId)]);
}

/** Ids of an item of a list and of what comes after it; `null` when there is none at this index. */
function itemAt(list: Y.Array<unknown>, index: number): string | null {
  let left = index;
  for (let item = list._start; item; item = item.right) {
    if (item.deleted || !item.countable) continue;
    if (left < item.length) {
      const own = Y.createID(item.id.client, item.id.clock + left);
      const next = left + 1 < item.length ? Y.createID(own.client, own.clock + 1) : item.right?.id;
      return `${idOf(own)} ${idOf(next)}`;
    }
    left -= item.length;
  }
  return null;
}

const idOf = (id: Y.ID | null | undefined): string => (id ? `${id.client}:${id.clock}` : '');

/**
 * Writes the text at a place, letter by letter. False when none is shared there.
 * @param seen what the writer saw when they wrote; see `writeText`
 */
export function typeText({ within, at }: TextPlace, value: string, seen?: string): boolean {
  const text = sharedText(sharedMap(within)?.get(at) ?? sharedList(within)?.get(Number(at)));
  if (text) writeText(text, value, seen);
  return text !== null;
}

/** Puts a text there as a whole: what others do to the one before it goes. */
export function replaceText({ within, at }: TextPlace, value: string): void {
  const map = sharedMap(within);
  const list = sharedList(within);
  if (sharedText(map?.get(at) ?? list?.get(Number(at)))?.toString() === value) return;
  map?.set(at, toShared(value));
  if (!list) return;
  if (Number(at) < list.length) list.delete(Number(at));
  list.insert(Number(at), [toShared(value)]);
}
