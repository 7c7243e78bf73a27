import { useStore } from '@xyflow/react';
import { detailAt } from './detail.js';

/** Of the canvas, from dot to dot; and how many of them stand for one where they would run together. */
const gap = { near: 20, far: 100 } as const;

/**
 * The dotted ground. It moves by less than a gap at a time, so that a pan shifts what is painted already instead of painting the whole ground
 * again.
 */
export function Dots() {
  const [x, y, zoom] = useStore((state) => state.transform);
  const panned = useStore((state) => state.paneDragging);
  const apart = (detailAt(zoom) === 'tiny' ? gap.far : gap.near) * zoom;
  return (
    <div
      aria-hidden="true"
      className="canvas-dots"
      style={{
        inset: -apart,
        backgroundSize: `${apart}px ${apart}px`,
        ['--dot' as string]: `${Math.max(0.5, 0.7 * zoom)}px`,
        transform: `translate(${x % apart}px, ${y % apart}px)`,
        willChange: panned ? 'transform' : undefined,
      }}
    />
  );
}
