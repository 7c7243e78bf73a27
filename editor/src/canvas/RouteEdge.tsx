import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { classes } from '../ui/classes.js';
import { useNameAt } from './EdgeNames.js';
import type { RouteEdge as RouteEdgeOf } from './layout.js';

/** One way from step to step, with its name. Where it runs was worked out with all the others. */
export const RouteEdge = memo(function RouteEdge({ id, data }: EdgeProps<RouteEdgeOf>) {
  const labelAt = useNameAt(id, data?.labelAt ?? null);
  if (!data) return null;
  const { state, path, label } = data;
  return (
    <>
      <BaseEdge id={id} path={path} className={classes('route', state)} markerEnd={`url(#arrow-${state})`} />
      {label && labelAt && (
        <EdgeLabelRenderer>
          <span
            className={classes('route-label', state)}
            style={{ transform: `translate(-50%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)` }}
          >
            {label}
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
        {(['idle', 'live', 'flowing', 'dead', 'selected'] as const).map((state) => (
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
