import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { classes } from '../ui/classes.js';
import type { RouteEdge as RouteEdgeOf } from './layout.js';

/** Top-down, at right angles, rounded corners. Its name stands on its horizontal part, or beside its way down. */
export const RouteEdge = memo(function RouteEdge(props: EdgeProps<RouteEdgeOf>) {
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data } = props;
  const bend = sourceY + Math.min(40, Math.max(18, (targetY - sourceY) / 2));
  const [path] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY: targetY - 2,
    sourcePosition,
    targetPosition,
    borderRadius: 9,
    ...(targetY > sourceY && { centerY: bend }),
  });
  const state = data?.state ?? 'idle';
  const straight = Math.abs(targetX - sourceX) < 24;
  return (
    <>
      <BaseEdge id={id} path={path} className={classes('route', state)} markerEnd={`url(#arrow-${state})`} />
      {data?.label && (
        <EdgeLabelRenderer>
          <span
            className={classes('route-label', state)}
            style={{
              transform: `translate(-50%, -50%) translate(${straight ? sourceX : (sourceX + targetX) / 2}px, ${bend}px)`,
            }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** Arrow heads in the colour of each state. */
export function ArrowHeads() {
  return (
    <svg className="absolute size-0" aria-hidden="true">
      <defs>
        {(['idle', 'live', 'flowing', 'dead'] as const).map((state) => (
          <marker
            key={state}
            id={`arrow-${state}`}
            viewBox="0 0 8 6"
            refX="6"
            refY="3"
            markerWidth="8"
            markerHeight="6"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 .3 7.4 3 0 5.7Z" className={`arrow-head ${state}`} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
