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
import { setWhole } from '#engine/graph/document/write.js';
import { edit } from '../localEdit.js';
import { editable } from './nodes.js';

/** What can be set on any node besides its config. */
export type NodeOption =
  'retry' | 'timeoutSeconds' | 'onError' | 'compensateWith' | 'parentId' | 'note' | 'locked' | 'version' | 'type';

/** Names a node; an empty name gives it back its type's. False when it is locked or gone. */
export const setTitle = (doc: Y.Doc, id: string, title: string): boolean =>
  edit(
    doc,
    () => {
      const node = editable(doc, id);
      if (node) setWhole(node, 'title', title === '' ? undefined : title);
      return node !== null;
    },
    `title ${id}`,
  );

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
      const kept = value === false || value === '' ? undefined : value;
      if (node) setWhole(node, name, kept as Json | undefined);
      return node !== null;
    },
    name === 'note' || name === 'timeoutSeconds' ? `${name} ${id}` : undefined,
  );

/** A way into a config: `['buttons', 0, 'title']`, or the same as a text, `buttons.0.title`. Empty: the whole config. */
export type ConfigPath = readonly (string | number)[] | string;

const stepsOf = (path: ConfigPath): string[] =>
  typeof path !== 'string' ? path.map(String) : path === '' ? [] : path.split('.');

/**
 * Sets a field of a node's config, or takes it away with `undefined`; what is missing on the way is made. Everything else in the config is
 * left as it is, so that two people in two fields never meet. False when the node is locked or gone, or the path leads nowhere.
 */
export const setConfig = (doc: Y.Doc, id: string, path: ConfigPath, value: Json | undefined): boolean => {
  const steps = stepsOf(path);
  return edit(
    doc,
    () => {
      const node = editable(doc, id);
      if (!node) return false;
      const config = shareConfig(node);
      const last = steps.pop();
      if (last === undefined) {
        if (!isObject(value)) return false;
        writeMap(config, value);
        return true;
      }
      const place = descend(config, steps, last);
      return place !== null && setAt(place, last, value);
    },
    `config ${id} ${steps.join('.')}`,
  );
};

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
