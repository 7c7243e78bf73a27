import { NodeResizer, type NodeProps } from '@xyflow/react';
import { memo, useEffect } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useSessionOf, useUi } from '../editor/session.js';
import { setNote, writeNote } from '../document/operations/notes.js';
import { useKeptCaret } from '../inspector/useKeptCaret.js';
import type { NoteNode as NoteNodeOf } from './drawing.js';

/** A piece of paper on the canvas: double-click or Enter writes on it, its corners stretch it. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeOf>) {
  const { t } = useTexts();
  const { doc, ui } = useSessionOf();
  const writing = useUi((state) => state.writing === id) && !data.readOnly;
  const setWriting = (on: boolean): void => ui.setState({ writing: on ? id : null });
  const caret = useKeptCaret<HTMLTextAreaElement>(data.text);
  const area = caret.ref;
  useEffect(() => {
    if (writing) area.current?.focus();
  }, [area, writing]);
  return (
    <div
      className={classes('canvas-note', selected && 'selected')}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (!data.readOnly) setWriting(true);
      }}
    >
      <NodeResizer
        isVisible={selected === true && !data.readOnly}
        minWidth={120}
        minHeight={56}
        lineClassName="note-line"
        handleClassName="note-handle"
        onResizeEnd={(_, { x, y, width, height }) => setNote(doc, id, { x, y, width, height })}
      />
      {writing ? (
        <textarea
          {...caret}
          aria-label={t('editor.note.label')}
          className="nodrag nowheel"
          value={data.text}
          maxLength={5_000}
          onChange={({ target }) => writeNote(doc, id, target.value, data.text)}
          onBlur={() => setWriting(false)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key !== 'Escape') return;
            // Back on the note, where the keys are commands again.
            event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus();
            setWriting(false);
          }}
        />
      ) : (
        <p className="whitespace-pre-wrap">
          {data.text || <span className="text-ink-3">{t('editor.note.empty')}</span>}
        </p>
      )}
    </div>
  );
});
