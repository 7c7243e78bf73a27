import { useLayoutEffect, useRef, type RefObject } from 'react';

type Box = HTMLInputElement | HTMLTextAreaElement;

/**
 * Keeps the cursor where it is when somebody else changes the text of a field that one is in: a browser puts it at the end. What it returns
 * belongs on the field.
 */
export function useKeptCaret<Field extends Box>(
  value: string,
): {
  readonly ref: RefObject<Field | null>;
  readonly onSelect: () => void;
  readonly onInput: () => void;
} {
  const ref = useRef<Field>(null);
  const last = useRef<{ text: string; start: number; end: number } | null>(null);
  const note = (): void => {
    const { selectionStart, selectionEnd, value: text } = ref.current ?? {};
    last.current =
      text === undefined || selectionStart === null || selectionStart === undefined
        ? null
        : { text, start: selectionStart, end: selectionEnd ?? selectionStart };
  };
  useLayoutEffect(() => {
    const [field, before] = [ref.current, last.current];
    if (!field || !before || document.activeElement !== field || before.text === value) return;
    field.setSelectionRange(moved(before.start, before.text, value), moved(before.end, before.text, value));
    note();
  }, [value]);
  // What one types oneself is noted before it is set: nothing is left to move then.
  return { ref, onSelect: note, onInput: note };
}

/** Where a place in a text is, once the part between what both texts begin and end with was replaced. */
export function moved(at: number, before: string, after: string): number {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  if (at <= start) return at;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return at >= before.length - end ? at + after.length - before.length : after.length - end;
}
