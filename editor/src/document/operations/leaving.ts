import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import type { EdgeDefinition } from '#engine/graph/definition.js';
import { nodesOf } from '#engine/graph/document/shape.js';
import { readShared, sharedMap } from '#engine/graph/document/values.js';

/**
 * Which step of a selection led where, kept beside the node it became: as one step it is left by one way, and nothing of its definition says
 * which of its last steps was meant. No part of the definition, so it is gone where that is written anew; then all of them are.
 */
const KEY = 'leaving';

type Leaving = Pick<EdgeDefinition, 'from' | 'to'>;

export const noteLeaving = (doc: Y.Doc, id: string, leaving: readonly Leaving[]): void => {
  const noted = leaving.map(({ from, to }) => ({ from: { ...from }, to: { ...to } }));
  sharedMap(nodesOf(doc).get(id))?.set(KEY, noted);
};

/** What was noted. Of whatever else stands there, nothing. */
export function leavingOf(doc: Y.Doc, id: string): readonly Leaving[] {
  const noted = readShared(sharedMap(nodesOf(doc).get(id))?.get(KEY));
  return Array.isArray(noted) ? noted.filter(isLeaving) : [];
}

const isLeaving = (value: Json): value is Json & Leaving => isEnd(partOf(value, 'from')) && isEnd(partOf(value, 'to'));
const isEnd = (value: Json | undefined): boolean =>
  typeof partOf(value, 'node') === 'string' && typeof partOf(value, 'port') === 'string';
const partOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
