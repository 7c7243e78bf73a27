import { useStore } from '@xyflow/react';
import { memo, useMemo } from 'react';
import { createPortal } from 'react-dom';
import { classes } from '../ui/classes.js';
import type { CanvasEdge } from './drawing.js';
import { shapesOf, type MapItem } from './StepMap.js';

/** Pieces of the canvas, in px: what is out of sight, or was not touched, is not painted again. */
const piece = 1_600;

interface RestingEdgesProps {
  readonly edges: readonly CanvasEdge[];
  /** Steps that are not on the canvas yet: their shapes stand for them. */
  readonly coming: readonly MapItem[];
}

/** Edges at rest, all of one look within a piece of the canvas as one path: an element for each is most of what a frame costs. */
export const RestingEdges = memo(function RestingEdges({ edges, coming }: RestingEdgesProps) {
  const flow = useStore((state) => state.domNode);
  const host = useMemo(() => flow?.querySelector('.react-flow__viewport-portal'), [flow]);
  const paths = useMemo(() => pathsOf(edges), [edges]);
  const shapes = useMemo(() => shapesOf(coming), [coming]);
  if (!host || (paths.length === 0 && shapes.length === 0)) return null;
  return createPortal(
    <svg className="resting" aria-hidden="true" width={1} height={1}>
      {paths.map(({ key, look, path }) => (
        <path key={key} className={classes('react-flow__edge-path route', look)} d={path} />
      ))}
      {shapes.map(([kind, path]) => (
        <path key={kind} className={classes('coming-step', kind)} d={path} />
      ))}
    </svg>,
    host,
  );
});

function pathsOf(edges: readonly CanvasEdge[]): { key: string; look: string; path: string }[] {
  const pieces = new Map<string, { look: string; paths: string[] }>();
  for (const { data } of edges) {
    if (!data || data.path === '') continue;
    const look = data.diff ?? data.state;
    const { x = 0, y = 0 } = data.ends?.start ?? {};
    const key = `${look} ${Math.floor(x / piece)} ${Math.floor(y / piece)}`;
    const found = pieces.get(key) ?? { look, paths: [] };
    pieces.set(key, found);
    found.paths.push(data.path);
  }
  return [...pieces].map(([key, { look, paths }]) => ({ key, look, path: paths.join('') }));
}
