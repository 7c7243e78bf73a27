import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import { movedPlace } from '#engine/graph/document/texts.js';
import { useSessionOf } from '../editor/session.js';

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
  // Where it is when a change comes in, before that is drawn: of a key such as Home the page hears later than it has moved the cursor, and what
  // came in between would put it back.
  const { store } = useSessionOf();
  const noteNow = useEffectEvent(note);
  useEffect(() => store.subscribe(() => document.activeElement === ref.current && noteNow()), [store]);
  useLayoutEffect(() => {
    const [field, before] = [ref.current, last.current];
    if (!field || !before || document.activeElement !== field || before.text === value) return;
    field.setSelectionRange(movedPlace(before.start, before.text, value), movedPlace(before.end, before.text, value));
    note();
  }, [value]);
  // What one types oneself is noted before it is set: nothing is left to move then.
  return { ref, onSelect: note, onInput: note };
}
