import type * as Y from 'yjs';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { DepartmentSettings, NodeDefinition } from '#engine/graph/definition.js';
import { nodesOf, settingsOf } from '#engine/graph/document/shape.js';
import {
  readShared,
  sharedList,
  sharedMap,
  toShared,
  writeEntry,
  writeItem,
  writeMap,
} from '#engine/graph/document/values.js';
import { replaceText, shareText, typeText } from '#engine/graph/document/typed.js';
import { setWhole } from '#engine/graph/document/write.js';
import { edit } from '../localEdit.js';
import { editable } from './nodes.js';

/** What can be set on any node besides its config. */
export type NodeOption =
  'retry' | 'timeoutSeconds' | 'onError' | 'compensateWith' | 'parentId' | 'locked' | 'version' | 'type';

/**
 * Names a node; an empty name gives it back its type's. Two who name it at once are both in it. False when it is locked or gone.
 * @param seen what its writer saw before they wrote this
 */
export const setTitle = (doc: Y.Doc, id: string, title: string, seen?: string): boolean =>
  typeInto(doc, id, 'title', title, seen);

/** The same for what its authors want each other to know. */
export const setNoteOf = (doc: Y.Doc, id: string, note: string, seen?: string): boolean =>
  typeInto(doc, id, 'note', note, seen);

function typeInto(doc: Y.Doc, id: string, field: 'title' | 'note', text: string, seen: string | undefined): boolean {
  const before = editable(doc, id);
  if (before && text !== '') shareText(doc, { within: before, at: field });
  return edit(
    doc,
    () => {
      const node = editable(doc, id);
      if (node && !typeText({ within: node, at: field }, text, seen)) writeEntry(node, field, text || undefined);
      return node !== null;
    },
    `${field} ${id}`,
  );
}

/** Sets an option, or takes it away with `undefined`. Only `locked` can be changed on a locked node. False when that refuses it or it is gone. */
export const setNodeOption = <Name extends NodeOption>(
  doc: Y.Doc,
  id: string,
  name: Name,
  value: NodeDefinition[Name] | undefined,
): boolean =>
  edit(
    doc,
    () => {
      const node = name === 'locked' ? sharedMap(nodesOf(doc).get(id)) : editable(doc, id);
      const kept = value === false ? undefined : value;
      if (node) setWhole(node, name, kept as Json | undefined);
      return node !== null;
    },
    name === 'timeoutSeconds' ? `${name} ${id}` : undefined,
  );

/** A way into a config: `['buttons', 0, 'title']`, or the same as a text, `buttons.0.title`. Empty: the whole config. */
export type ConfigPath = readonly (string | number)[] | string;

const stepsOf = (path: ConfigPath): string[] =>
  typeof path !== 'string' ? path.map(String) : path === '' ? [] : path.split('.');

/** How a text gets into a config. */
export interface Writing {
  /** What its writer saw before they wrote: what others put in since then stays. Without it, what stands there. */
  readonly seen?: string;
  /** It was chosen, not written: half of each of two choices is none, so the last one counts. */
  readonly whole?: boolean;
}

/**
 * Sets a field of a node's config, or takes it away with `undefined`; what is missing on the way is made. Everything else in the config is
 * left as it is, so that two people in two fields never meet, and two in one text are both in it. False when the node is locked or gone, or
 * the path leads nowhere.
 */
export const setConfig = (
  doc: Y.Doc,
  id: string,
  path: ConfigPath,
  value: Json | undefined,
  writing: Writing = {},
): boolean => {
  const steps = stepsOf(path);
  const last = steps.pop();
  // What was emptied by hand is an empty text for as long as others may be writing in it.
  const text = value ?? (writing.seen === undefined ? undefined : '');
  const typed = typeof text === 'string' && writing.whole !== true;
  const before = editable(doc, id)?.get('config');
  if (typed && text !== '' && last !== undefined) shareText(doc, { within: within(before, steps), at: last });
  return edit(
    doc,
    () => {
      const node = editable(doc, id);
      if (!node) return false;
      const config = shareConfig(node);
      if (last === undefined) {
        if (!isObject(value)) return false;
        writeMap(config, value);
        return true;
      }
      const place = descend(config, steps, last);
      if (!place) return false;
      const at = { within: place, at: last };
      if (typed && typeText(at, text, writing.seen)) return true;
      if (typeof value !== 'string' || typed || !isThere(place, last)) return setAt(place, last, value);
      replaceText(at, value);
      return true;
    },
    `config ${id} ${[...steps, last].join('.')}`,
  );
};

/** What a path leads to, as far as it is there. */
const within = (config: unknown, steps: readonly string[]): unknown =>
  steps.reduce<unknown>(
    (at, step) => (containerOf(at) ? partOf(containerOf(at) as Container, step) : undefined),
    config,
  );

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Container = Y.Map<unknown> | Y.Array<unknown>;
const containerOf = (value: unknown): Container | null => sharedMap(value) ?? sharedList(value);

/** A config that another program wrote as plain JSON becomes one that is shared inside. */
function shareConfig(node: Y.Map<unknown>): Y.Map<unknown> {
  const known = sharedMap(node.get('config'));
  if (known) return known;
  const read = readShared(node.get('config'));
  node.set('config', toShared(isObject(read) ? read : {}));
  return node.get('config') as Y.Map<unknown>;
}

/** The map or list that holds the last step of a path. */
function descend(config: Y.Map<unknown>, steps: readonly string[], last: string): Container | null {
  let at: Container = config;
  for (const [index, step] of steps.entries()) {
    const next = childOf(at, step, steps[index + 1] ?? last);
    if (!next) return null;
    at = next;
  }
  return at;
}

const partOf = (at: Container, step: string): unknown => sharedMap(at)?.get(step) ?? sharedList(at)?.get(Number(step));

const isThere = (at: Container, step: string): boolean => partOf(at, step) !== undefined;

function childOf(at: Container, step: string, following: string): Container | null {
  const known = containerOf(partOf(at, step));
  if (known) return known;
  const read = readShared(partOf(at, step));
  const made = typeof read === 'object' && read !== null ? read : /^\d+$/.test(following) ? [] : {};
  return setAt(at, step, made) ? containerOf(partOf(at, step)) : null;
}

function setAt(at: Container, step: string, value: Json | undefined): boolean {
  const map = sharedMap(at);
  if (map) writeEntry(map, step, value);
  const list = sharedList(at);
  if (!list) return map !== null;
  const index = Number(step);
  if (!/^\d+$/.test(step) || index > list.length) return false;
  if (value !== undefined) writeItem(list, index, value);
  else if (index < list.length) list.delete(index);
  return true;
}

/** Sets settings of the department; one that is `undefined` is taken away, those not named stay. */
export const setSettings = (doc: Y.Doc, settings: Partial<DepartmentSettings>): void =>
  edit(
    doc,
    () => {
      for (const [key, value] of Object.entries(settings)) writeEntry(settingsOf(doc), key, value as Json | undefined);
    },
    `settings ${Object.keys(settings).join(' ')}`,
  );
