import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { memo } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useDetail } from './detail.js';
import { routeWhileDragging } from './drawEditor.js';
import type { CanvasEdge } from './drawing.js';
import { useNameAt } from './EdgeNames.js';
import { portRadius } from './layout.js';
import type { Point } from './routes.js';

/** Asks for a step in the middle of an edge; heard by the canvas. */
export const insertEvent = 'editor-insert-on-edge';

/** One way from step to step: to select, to cut, to put a step in. */
export const EditEdge = memo(function EditEdge(props: EdgeProps<CanvasEdge>) {
  const { id, data, selected } = props;
  const detail = useDetail();
  const planned = useNameAt(id, data?.labelAt ?? null);
  if (!data) return null;
  const { state, label, readOnly, diff } = data;
  const elsewhere = whereItRuns(props);
  const { path, middle } = elsewhere ?? data;
  // Seen small there is room for names where they were planned only.
  const labelAt = !elsewhere ? planned : detail === 'full' ? elsewhere.labelAt : null;
  const look = selected ? 'selected' : diff === 'added' ? 'added' : diff === 'removed' ? 'removed' : state;
  const named = label !== null && labelAt !== null && detail !== 'tiny';
  const open = selected && data.alone === true && middle !== null && !readOnly;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={18}
        className={classes('route', look)}
        // An arrow of a pixel and a half tells nothing.
        {...(detail !== 'tiny' && { markerEnd: `url(#arrow-${selected ? 'selected' : state})` })}
      />
      {(named || open) && (
        <EdgeLabelRenderer>
          {named && (
            <span
              className={classes('route-label', look)}
              style={{ transform: `translate(-50%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)` }}
            >
              {label}
            </span>
          )}
          {open && <InsertHere edgeId={id} at={middle} />}
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** Another way than the planned one, while a step at one of its ends is being dragged. */
function whereItRuns({ data, sourceX, sourceY, targetX, targetY }: EdgeProps<CanvasEdge>) {
  const ends = data?.ends;
  if (!ends) return null;
  // React Flow's ends are the outer rims of the ports.
  const [start, end] = [
    { x: sourceX, y: sourceY - portRadius },
    { x: targetX, y: targetY + portRadius },
  ];
  return isAt(start, ends.start) && isAt(end, ends.end) ? null : routeWhileDragging(start, end, ends.reach);
}

const isAt = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1;

function InsertHere({ edgeId, at }: { edgeId: string; at: Point }) {
  const { t } = useTexts();
  return (
    <button
      type="button"
      aria-label={t('editor.canvas.insertHere')}
      title={t('editor.canvas.insertHere')}
      className="edge-plus nodrag nopan"
      style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
      onClick={(event) => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        event.currentTarget.dispatchEvent(
          new CustomEvent(insertEvent, {
            bubbles: true,
            detail: { edgeId, at, screen: { x: left, y: bottom + 4 } },
          }),
        );
      }}
    >
      <Plus size={14} aria-hidden="true" />
    </button>
  );
}
