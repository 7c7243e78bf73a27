import { NodeResizer, type NodeProps } from '@xyflow/react';
import { memo, useEffect, useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useSessionOf } from '../editor/session.js';
import { setNote, writeNote } from '../document/operations/notes.js';
import { useKeptCaret } from '../inspector/useKeptCaret.js';
import type { NoteNode as NoteNodeOf } from './drawing.js';

/** A piece of paper on the canvas: double-click or Enter writes on it, its corners stretch it. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteNodeOf>) {
  const { t } = useTexts();
  const { doc } = useSessionOf();
  const [writing, setWriting] = useState(false);
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
            if (event.key === 'Escape') setWriting(false);
            event.stopPropagation();
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
