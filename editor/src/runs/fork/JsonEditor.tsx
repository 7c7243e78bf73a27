import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Range } from './jsonText.js';

export interface Mark extends Range {
  readonly message: string;
}

interface JsonEditorProps {
  readonly label: string;
  /** What it begins with; a new one is a new editor, so give it a `key`. */
  readonly initial: string;
  readonly onChange: (text: string) => void;
  readonly marks: readonly Mark[];
}

const look = EditorView.theme({
  '&': {
    border: '1px solid var(--color-line-strong)',
    borderRadius: '11px',
    background: 'var(--color-surface)',
    color: 'var(--color-ink)',
    fontSize: '12px',
    maxHeight: '42dvh',
    overflow: 'hidden',
  },
  '&.cm-focused': { outline: '2px solid var(--color-focus)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '19px', overflow: 'auto', minHeight: '120px' },
  '.cm-content': { caretColor: 'var(--color-ink)' },
  '.cm-gutters': { background: 'var(--color-sunken)', color: 'var(--color-ink-2)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { background: 'var(--color-info-soft) !important' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--color-danger)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--color-line)',
    borderRadius: '9px',
    background: 'var(--color-raised)',
    color: 'var(--color-ink)',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--color-danger)', fontFamily: 'var(--font-sans)' },
});

/** A value as text to be changed by hand, with a wave under what is wrong. Tab indents; Escape, then Tab leaves. */
export function JsonEditor({ label, initial, onChange, marks }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const changed = useEffectEvent(onChange);
  const begin = useEffectEvent((parent: HTMLDivElement) => {
    const state = EditorState.create({
      doc: initial,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        indentUnit.of('  '),
        lintGutter(),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.lineWrapping,
        // Said, although whatever can be edited is one: what scrolls must have a stop of the Tab key in it.
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
        look,
      ],
    });
    return new EditorView({ state, parent });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const view = begin(place.current);
    editor.current = view;
    return () => view.destroy();
  }, []);
  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const end = view.state.doc.length;
    view.dispatch(
      setDiagnostics(
        view.state,
        marks.map(({ from, to, message }) => ({
          from: Math.min(from, end),
          to: Math.min(to, end),
          severity: 'error' as const,
          message,
        })),
      ),
    );
  }, [marks]);
  return <div ref={place} />;
}
