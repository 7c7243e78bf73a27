import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { dropCursor, EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { changeOf } from '#engine/graph/document/texts.js';
import type { FieldPlace, TextMark } from '#engine/graph/assist.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Checker } from '../problems/Checker.js';
import { classes } from '../ui/classes.js';
import { dropReference } from './dropReference.js';
import { applyFirstFix, expressionHelp } from './expressionHelp.js';
import { expressionColours, expressionTheme } from './expressionTheme.js';
import { REFERENCE_MIME } from '../runs/reference.js';

interface ExpressionInputProps {
  readonly id: string;
  readonly label: string;
  readonly describedBy?: string | undefined;
  readonly value: string;
  /** `before`: what stood in the field until now. */
  readonly onChange: (value: string, before: string) => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
  readonly place: FieldPlace;
  readonly checker: Checker;
  readonly placeholder?: string;
  /** Prose with expressions in it: the sans of the house, several lines. */
  readonly prose?: boolean;
  readonly invalid?: boolean;
  readonly readOnly?: boolean;
  readonly onMarks?: (marks: readonly TextMark[], fix: (() => void) | null) => void;
}

/** A text with `{{ expressions }}`: coloured, completed, checked as one types. Undo belongs to the department, not to the field. */
export function ExpressionInput(props: ExpressionInputProps) {
  const {
    id,
    label,
    describedBy,
    value,
    place,
    checker,
    placeholder = '',
    prose = false,
    invalid,
    readOnly = false,
  } = props;
  const { t } = useTexts();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const [dropping, setDropping] = useState(false);
  const changed = useEffectEvent((text: string, before: string) => props.onChange(text, before));
  const focused = useEffectEvent((is: boolean) => (is ? props.onFocus?.() : props.onBlur?.()));
  const marked = useEffectEvent((marks: readonly TextMark[]) => {
    const view = editor.current;
    props.onMarks?.(marks, view && marks.some(({ fix }) => fix) ? () => void applyFirstFix(view) : null);
  });
  const initial = useEffectEvent(() => value);
  const fixLabel = t('editor.field.fix');
  const path = place.path.join('.');

  useEffect(() => {
    if (!host.current) return;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial(),
        extensions: [
          expressionTheme,
          expressionColours,
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          EditorView.contentAttributes.of({
            id,
            'aria-label': label,
            'aria-multiline': 'true',
            ...(readOnly && { 'aria-readonly': 'true', tabindex: '0' }),
          }),
          placeholderOf(placeholder),
          closeBrackets(),
          dropCursor(),
          expressionHelp({
            checker,
            place: { nodeId: place.nodeId, path: path === '' ? [] : path.split('.') },
            fixLabel,
            onMarks: marked,
          }),
          // Enter chooses a completion; Tab is left to move on, as in every other field.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((each) => each.isUserEvent('remote')))
              changed(update.state.doc.toString(), update.startState.doc.toString());
            if (update.focusChanged) focused(update.view.hasFocus);
          }),
          EditorView.domEventHandlers({
            drop(event, target) {
              const reference = event.dataTransfer?.getData(REFERENCE_MIME);
              if (!reference || readOnly) return false;
              event.preventDefault();
              const at = target.posAtCoords({ x: event.clientX, y: event.clientY }) ?? target.state.doc.length;
              target.dispatch({
                changes: dropReference(target.state.doc.toString(), at, reference),
                userEvent: 'input.drop',
              });
              target.focus();
              setDropping(false);
              return true;
            },
            dragover(event) {
              if (event.dataTransfer?.types.includes(REFERENCE_MIME)) setDropping(true);
              return false;
            },
            dragleave: () => setDropping(false),
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [id, label, place.nodeId, path, checker, placeholder, readOnly, fixLabel]);

  // The editor stays the same one while what is said of it changes: whoever writes keeps the cursor.
  useEffect(() => {
    const content = editor.current?.contentDOM;
    if (!content) return;
    if (invalid) content.setAttribute('aria-invalid', 'true');
    else content.removeAttribute('aria-invalid');
    if (describedBy) content.setAttribute('aria-describedby', describedBy);
  }, [invalid, describedBy, id, label, place.nodeId, path, readOnly]);

  // Somebody else's change, or an undo: only what differs is replaced, so that the cursor stays.
  useEffect(() => {
    const view = editor.current;
    const text = view?.state.doc.toString();
    if (!view || text === undefined || text === value) return;
    const { start, removed, inserted } = changeOf(text, value);
    view.dispatch({
      changes: { from: start, to: start + removed, insert: inserted },
      userEvent: 'remote',
    });
  }, [value]);

  return (
    <div
      ref={host}
      className={classes('expression-box', prose ? 'prose' : 'code', invalid && 'bad', dropping && 'dropping')}
    />
  );
}
