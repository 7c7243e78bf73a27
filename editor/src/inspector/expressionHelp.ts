import {
  autocompletion,
  startCompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { forEachDiagnostic, linter, type Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap } from '@codemirror/view';
import type { Completion } from '#engine/graph/expressions/complete.js';
import type { FieldPlace, TextMark } from '#engine/graph/assist.js';
import type { Checker } from '../problems/Checker.js';

interface Help {
  readonly checker: Checker;
  readonly place: FieldPlace;
  /** What the mend of a problem is called. */
  readonly fixLabel: string;
  readonly onMarks: (marks: readonly TextMark[]) => void;
}

/** Completion, types under the pointer, and a wave under the exact place of each problem, all asked of the checker. */
export function expressionHelp({ checker, place, fixLabel, onMarks }: Help): Extension {
  const text = (view: EditorView): string => view.state.doc.toString();
  return [
    autocompletion({
      override: [(context) => completions(checker, place, context)],
      icons: false,
      activateOnTyping: true,
      closeOnBlur: true,
    }),
    EditorView.inputHandler.of((view, from, to, typed) => {
      // The second brace opens an expression: close it, and offer what can stand in it.
      if (typed !== '{' || from !== to || view.state.sliceDoc(from - 1, from) !== '{') return false;
      if (view.state.sliceDoc(from - 2, from - 1) === '{') return false;
      view.dispatch({ changes: { from, insert: '{  }}' }, selection: { anchor: from + 2 }, userEvent: 'input.type' });
      startCompletion(view);
      return true;
    }),
    linter(
      async (view) => {
        const marks = await checker.ask('marks', { place, text: text(view) });
        onMarks(marks);
        return marks.map((mark) => diagnostic(mark, fixLabel, view.state.doc.length));
      },
      { delay: 180 },
    ),
    hoverTooltip(async (view, position) => {
      const hover = await checker.ask('hover', { place, text: text(view), position });
      if (!hover) return null;
      return {
        pos: hover.from,
        end: hover.to,
        create: () => {
          const dom = document.createElement('div');
          dom.className = 'cm-type-hover';
          dom.textContent = hover.type;
          return { dom };
        },
      };
    }),
    keymap.of([{ key: 'Mod-.', run: applyFirstFix }]),
  ];
}

/** Applies the mend of the problem at the cursor, else of the first that has one. */
export function applyFirstFix(view: EditorView): boolean {
  const head = view.state.selection.main.head;
  let chosen: Diagnostic | null = null;
  forEachDiagnostic(view.state, (each, from, to) => {
    if (!each.actions?.length) return;
    if (!chosen || (head >= from && head <= to)) chosen = each;
  });
  const action = (chosen as Diagnostic | null)?.actions?.[0];
  if (!action) return false;
  action.apply(view, 0, 0);
  return true;
}

function diagnostic(mark: TextMark, fixLabel: string, length: number): Diagnostic {
  const { from, to, severity, message, fix } = mark;
  return {
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity,
    message,
    ...(fix && {
      actions: [
        {
          name: `${fixLabel}: ${fix.text.length > 40 ? `${fix.text.slice(0, 40)}…` : fix.text}`,
          apply: (view: EditorView) =>
            view.dispatch({ changes: { from: fix.from, to: fix.to, insert: fix.text }, userEvent: 'input.fix' }),
        },
      ],
    }),
  };
}

async function completions(
  checker: Checker,
  place: FieldPlace,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const found = await checker.ask('complete', { place, text, position: context.pos });
  if (!found || found.options.length === 0) return null;
  const typing = context.pos > found.from || /[.{\s]$/.test(text.slice(0, found.from)) || context.explicit;
  if (!typing) return null;
  return {
    from: found.from,
    validFor: /^[\w?-]*$/,
    options: found.options.map(({ label, detail, info, apply, kind }) => ({
      label,
      detail: kind === 'field' || kind === 'name' ? detail : detail,
      ...(info && { info }),
      boost: boost[kind],
      ...(apply && { apply: withMore(apply) }),
    })),
  };
}

const boost: Record<Completion['kind'], number> = { step: 3, field: 3, name: 2, function: -1 };

/** After a name that leads on, such as `steps.`, the next list opens at once. */
const withMore = (apply: string) => (view: EditorView, _: unknown, from: number, to: number) => {
  view.dispatch({
    changes: { from, to, insert: apply },
    selection: { anchor: from + apply.length },
    userEvent: 'input.complete',
  });
  if (apply.endsWith('.')) startCompletion(view);
};
