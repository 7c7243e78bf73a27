import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { memo } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import type { CanvasEdge } from './drawing.js';

/** Asks for a step in the middle of an edge; heard by the canvas. */
export const insertEvent = 'editor-insert-on-edge';

/** One way from step to step: to select, to cut, to put a step in. */
export const EditEdge = memo(function EditEdge({ id, data, selected }: EdgeProps<CanvasEdge>) {
  const { t } = useTexts();
  if (!data) return null;
  const { state, path, label, labelAt, middle, readOnly, diff } = data;
  const look = selected ? 'selected' : diff === 'added' ? 'added' : diff === 'removed' ? 'removed' : state;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={classes('route', look)}
        markerEnd={`url(#arrow-${selected ? 'selected' : state})`}
      />
      <EdgeLabelRenderer>
        {label && labelAt && (
          <span
            className={classes('route-label', look)}
            style={{ transform: `translate(-50%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)` }}
          >
            {label}
          </span>
        )}
        {selected && middle && !readOnly && (
          <button
            type="button"
            aria-label={t('editor.canvas.insertHere')}
            title={t('editor.canvas.insertHere')}
            className="edge-plus nodrag nopan"
            style={{ transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)` }}
            onClick={(event) => {
              const { left, bottom } = event.currentTarget.getBoundingClientRect();
              event.currentTarget.dispatchEvent(
                new CustomEvent(insertEvent, {
                  bubbles: true,
                  detail: { edgeId: id, at: middle, screen: { x: left, y: bottom + 4 } },
                }),
              );
            }}
          >
            <Plus size={14} aria-hidden="true" />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  );
});
