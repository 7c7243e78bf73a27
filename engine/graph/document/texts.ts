import type * as Y from 'yjs';

/** What makes one text of another: at `start`, so many letters go and these come. */
export interface TextChange {
  readonly start: number;
  readonly removed: number;
  readonly inserted: string;
}

/** The part between what both texts begin and end with; never half of a character. */
export function changeOf(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (isHighSurrogate(after, start - 1) || isHighSurrogate(before, start - 1)) start -= 1;
  if (end > 0 && (isLowSurrogate(after, after.length - end) || isLowSurrogate(before, before.length - end))) end -= 1;
  return { start, removed: before.length - start - end, inserted: after.slice(start, after.length - end) };
}

const isHighSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800;
const isLowSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/** Where a place in a text is, once the text became another. */
export function movedPlace(at: number, before: string, after: string): number {
  if (before === after) return at;
  const { start, removed, inserted } = changeOf(before, after);
  if (at <= start) return at;
  return at >= start + removed ? at + inserted.length - removed : start + inserted.length;
}

/** A change that was made to `before`, as it is made to what stands there now. */
function carried(change: TextChange, before: string, now: string): TextChange {
  const start = movedPlace(change.start, before, now);
  const end = Math.max(start, movedPlace(change.start + change.removed, before, now));
  return { ...change, start, removed: end - start };
}

/**
 * Makes a shared text read as `value`, by the letters that differ.
 * @param seen what its writer saw when they wrote: what others put in since then stays. Without it, what stands there now.
 */
export function writeText(text: Y.Text, value: string, seen?: string): void {
  const now = text.toString();
  const before = seen ?? now;
  if (before === value) return;
  const change = changeOf(before, value);
  const { start, removed, inserted } = before === now ? change : carried(change, before, now);
  if (removed > 0) text.delete(start, removed);
  if (inserted !== '') text.insert(start, inserted);
}
