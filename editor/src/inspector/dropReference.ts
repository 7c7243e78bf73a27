import type { DragEvent } from 'react';
import { expressionSpans, openQuote, type ExpressionSpan } from '#engine/graph/expressions/spans.js';
import { REFERENCE_MIME } from '../runs/reference.js';

/** Text to be put in the place of `from`..`to`. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * What becomes of a text with expressions when a value's reference is let go at a position of it: an expression of its own in plain text, the other
 * value where one stands already, a part of the sum inside a quoted text. Braces are never parted.
 */
export function dropReference(text: string, at: number, reference: string): Replacement {
  const whole = `{{ ${reference} }}`;
  const span = expressionSpans(text).find(({ start, end, closed }) => at > start - 2 && at < end + (closed ? 2 : 1));
  if (!span) return { from: at, to: at, insert: whole };
  if (at < span.start) return { from: span.start - 2, to: span.start - 2, insert: whole };
  if (at > span.end) return { from: span.end + 2, to: span.end + 2, insert: whole };
  return inside(text, at, span, reference);
}

function inside(text: string, at: number, { start, end }: ExpressionSpan, reference: string): Replacement {
  if (text.slice(start, end).trim() === '') return { from: start, to: end, insert: ` ${reference} ` };
  const quote = openQuote(text.slice(start, at));
  if (quote !== '') return { from: at, to: at, insert: `${quote} + ${reference} + ${quote}` };
  const before = /[\w.?]*$/.exec(text.slice(start, at))?.[0] ?? '';
  const after = /^[\w.?]*/.exec(text.slice(at, end))?.[0] ?? '';
  const from = at - before.length;
  const to = at + after.length;
  // A path of names is the value that stands there: the new one takes its place, unless it is called.
  if (/^[A-Za-z_]/.test(before + after) && text[to] !== '(') return { from, to, insert: reference };
  const pad = (character: string | undefined): string =>
    character !== undefined && /[^\s([{]/.test(character) ? ' ' : '';
  return {
    from: at,
    to: at,
    insert: `${pad(text[at - 1])}${reference}${/^[\w"']/.test(text.slice(at, end)) ? ' ' : ''}`,
  };
}

const hasReference = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(REFERENCE_MIME);
const ofExpression = ({ target }: DragEvent): boolean =>
  target instanceof Element && target.closest('.cm-editor') !== null;

/**
 * What a field does with a value that is dragged over it. `take` gets its reference; without it the value is refused, where a browser would write
 * the braces into a text that takes none. Fields for expressions have hands of their own.
 */
export const referenceTarget = (take: ((reference: string) => void) | null) => ({
  onDragOver: (event: DragEvent): void => {
    if (!hasReference(event) || ofExpression(event) || event.defaultPrevented) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = take ? 'copy' : 'none';
  },
  onDrop: (event: DragEvent): void => {
    if (!hasReference(event) || ofExpression(event) || event.defaultPrevented) return;
    event.preventDefault();
    take?.(event.dataTransfer.getData(REFERENCE_MIME));
  },
});
