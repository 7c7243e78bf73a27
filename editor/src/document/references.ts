import type { Json } from '#nodes/sdk/json.js';

/** Where an expression reads a step: `steps.search.passages` or `steps["search"].passages`. */
export interface Reference {
  readonly nodeId: string;
  /** The first field that is read of it. */
  readonly field: string | null;
  /** Of the whole reference, `steps` to the field. */
  readonly start: number;
  readonly end: number;
  /** Of the id alone, quotes not counted. */
  readonly idStart: number;
  /** Read with `?`: what is not there is no error. */
  readonly optional: boolean;
}

const reference =
  /steps\s*(?:\.(\??)\s*([A-Za-z_]\w*)|\[(\??)\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])(?:\s*\.(\??)\s*([A-Za-z_]\w*))?/y;

/** Every step that the expressions of a text read, in order. What stands outside `{{ }}` or in a string is no reference. */
export function referencesIn(text: string): Reference[] {
  const found: Reference[] = [];
  let at = text.indexOf('{{');
  while (at !== -1) {
    at = scanExpression(text, at + 2, found);
    at = text.indexOf('{{', at);
  }
  return found;
}

/** Reads one expression and returns where it ends. */
function scanExpression(text: string, start: number, found: Reference[]): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '}' && depth === 0 && text[at + 1] === '}') return at + 2;
    if (character === '{') depth += 1;
    if (character === '}') depth = Math.max(0, depth - 1);
    if (character === '"' || character === "'") {
      at = afterString(text, at);
    } else if (/[A-Za-z_]/.test(character)) {
      const read = /[\w.]/.test(text[at - 1] ?? '') ? null : referenceAt(text, at);
      if (read) found.push(read);
      at = read ? read.end : afterWord(text, at);
    } else at += 1;
  }
  return text.length;
}

function referenceAt(text: string, at: number): Reference | null {
  reference.lastIndex = at;
  const match = reference.exec(text);
  if (!match) return null;
  const nodeId = match[2] ?? match[4] ?? match[5] ?? '';
  const field = match[7] ?? null;
  const idStart = at + match[0].indexOf(nodeId, 'steps'.length);
  const optional = [match[1], match[3], match[6]].includes('?');
  return { nodeId, field, start: at, end: at + match[0].length, idStart, optional };
}

function afterWord(text: string, start: number): number {
  let at = start;
  while (/\w/.test(text[at] ?? '')) at += 1;
  return at;
}

function afterString(text: string, start: number): number {
  const quote = text[start] ?? '"';
  const end = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + end.length; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(end, at)) return at + end.length;
  }
  return text.length;
}

/** The text with each reference replaced by what `change` gives; `null` leaves it. */
export function replaceReferences(
  text: string,
  change: (reference: Reference, source: string) => string | null,
): string {
  let [changed, last] = ['', 0];
  for (const each of referencesIn(text)) {
    const replacement = change(each, text.slice(each.start, each.end));
    if (replacement === null) continue;
    changed += text.slice(last, each.start) + replacement;
    last = each.end;
  }
  return changed + text.slice(last);
}

/** Every text below a value changed; what stays the same is the same object. */
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, part]) => [key, mapTexts(part, change)] as const);
  return entries.some(([key, part]) => part !== value[key]) ? Object.fromEntries(entries) : value;
}

/** Ids of the steps that a config reads. */
export function readsOf(config: unknown): Set<string> {
  const ids = new Set<string>();
  mapTexts(config as Json, (text) => {
    for (const { nodeId } of referencesIn(text)) ids.add(nodeId);
    return text;
  });
  return ids;
}

/** `steps.search.passages` for an id that is a word, `steps["my-id"].passages` for others. */
export const referenceTo = (nodeId: string, field?: string): string =>
  `steps${/^[A-Za-z_]\w*$/.test(nodeId) ? `.${nodeId}` : `[${JSON.stringify(nodeId)}]`}${field ? `.${field}` : ''}`;

/** The same for what may be absent: `steps.?search.passages`. */
export const optionalReferenceTo = (nodeId: string, field: string): string =>
  `steps${/^[A-Za-z_]\w*$/.test(nodeId) ? `.?${nodeId}` : `[?${JSON.stringify(nodeId)}]`}.${field}`;

/** A config in which the steps of `renamed` go by their new ids. */
export const renameReads = (config: Json, renamed: ReadonlyMap<string, string>): Json =>
  mapTexts(config, (text) =>
    replaceReferences(text, (read, source) => {
      const id = renamed.get(read.nodeId);
      if (id === undefined) return null;
      const at = read.idStart - read.start;
      return source.slice(0, at) + id + source.slice(at + read.nodeId.length);
    }),
  );
