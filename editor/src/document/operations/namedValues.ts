import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeDefinition } from '#engine/graph/definition.js';
import { nodesOf } from '#engine/graph/document/shape.js';
import { sharedMap, writeMap } from '#engine/graph/document/values.js';
import { mapTexts, referenceTo, replaceReferences, type Reference } from '../references.js';

/** The step that gives names to values. */
export const VALUES = 'data.set';

/** Names for values: `search_passages`, and with a number where two would be the same. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #write: (source: string, nodeId: string) => string;
  readonly values: { name: string; value: string }[] = [];

  /** `write`: the expression for a value, given how it is read and of which step. */
  constructor(write: (source: string, nodeId: string) => string = (source) => source) {
    this.#write = write;
  }

  of(nodeId: string, field: string | null): string {
    const source = referenceTo(nodeId, field ?? undefined);
    const known = this.#names.get(source);
    if (known) return known;
    const base = [nodeId, field].filter(Boolean).join('_').replace(/\W/g, '_').slice(0, 40);
    const taken = new Set(this.#names.values());
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base.slice(0, 36)}_${number}`;
    this.#names.set(source, name);
    this.values.push({ name, value: `{{ ${this.#write(source, nodeId)} }}` });
    return name;
  }
}

/** All that the first of these steps returned that ran: a step that stands in its place goes on with it. */
export const returnedBy = (ids: Iterable<string>): string =>
  `{{ coalesce(${[...new Set(ids)].map((id) => referenceTo(id)).join(', ')}) }}`;

/** Rewrites what nodes read. `change` gives what to read instead; `null` leaves a reference. */
export function rewriteReads(
  doc: Y.Doc,
  nodes: readonly NodeDefinition[],
  change: (read: Reference) => string | null,
): void {
  for (const node of nodes) {
    const config = mapTexts(node.config as Json, (text) => replaceReferences(text, change));
    if (config !== node.config) setConfigOf(doc, node.id, config as Record<string, Json>);
  }
}

/** The whole config of a node anew, inside an edit that is under way. */
export function setConfigOf(doc: Y.Doc, id: string, config: Readonly<Record<string, Json>>): void {
  const shared = sharedMap(sharedMap(nodesOf(doc).get(id))?.get('config'));
  if (shared) writeMap(shared, config);
}
