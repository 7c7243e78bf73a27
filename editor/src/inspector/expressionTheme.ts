import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { expressionSpans } from '#engine/graph/expressions/spans.js';

const token =
  /("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(\b\d+(?:\.\d+)?\b)|(\b[A-Za-z_]\w*(?=\())|(\b(?:true|false|null|in)\b)|([A-Za-z_][\w]*(?:\.\??[A-Za-z_]\w*)*)/g;
const classOf = ['c-str', 'c-num', 'c-fn', 'c-num', 'c-ref'] as const;
const marks = new Map(['c-br', ...classOf].map((name) => [name, Decoration.mark({ class: name })] as const));

/** Colours what stands between braces, and the braces. */
function paint(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const text = view.state.doc.toString();
  const add = (from: number, to: number, name: string): void => {
    const mark = marks.get(name);
    if (mark && to > from) builder.add(from, to, mark);
  };
  for (const { start, end, closed } of expressionSpans(text)) {
    add(start - 2, start, 'c-br');
    for (const match of text.slice(start, end).matchAll(token)) {
      const group = match.slice(1).findIndex((part) => part !== undefined);
      // The point before a function belongs to what it is called on.
      add(start + match.index, start + match.index + match[0].length, classOf[group] ?? 'c-ref');
    }
    if (closed) add(end, end + 2, 'c-br');
  }
  return builder.finish();
}

export const expressionColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = paint(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = paint(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Colours, sizes and the red wave, in the tokens of the house. */
export const expressionTheme = EditorView.theme({
  '&': { color: 'var(--color-ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit' },
  '.cm-content': { padding: '0', caretColor: 'var(--color-ink)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--color-ink)', borderLeftWidth: '1.5px' },
  '.cm-placeholder': { color: 'var(--color-ink-3)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--color-sol-soft)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy 1.5px var(--color-danger)',
    textUnderlineOffset: '4px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy 1.5px var(--color-sol-line)',
    textUnderlineOffset: '4px',
  },
  '.cm-tooltip': {
    border: '0',
    borderRadius: '11px',
    overflow: 'hidden',
    maxWidth: '340px',
    backgroundColor: 'var(--color-raised)',
    color: 'var(--color-ink)',
    boxShadow: '0 0 0 1px var(--color-line), var(--shadow-3)',
    zIndex: 'var(--z-menu)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '12px', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '5px 10px',
    lineHeight: '18px',
    display: 'flex',
    gap: '10px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--color-sunken)', color: 'var(--color-ink)' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    fontFamily: 'var(--font-sans)',
    color: 'var(--color-ink-3)',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo': { padding: '6px 10px', fontSize: '12px' },
  '.cm-tooltip-hover': { padding: '0' },
  '.cm-type-hover': { padding: '5px 10px', fontSize: '12px', fontFamily: 'var(--font-mono)' },
  '.cm-diagnostic': {
    padding: '6px 10px',
    border: '0',
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    lineHeight: '17px',
  },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--color-sunken)',
    color: 'var(--color-ink)',
    borderRadius: '7px',
    padding: '3px 8px',
    fontFamily: 'var(--font-mono)',
  },
});
