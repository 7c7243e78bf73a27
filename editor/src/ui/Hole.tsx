import { shapes, type Shape } from './cobogo.js';

/** One hole of a block, drawn at (x, y) with the given width in the units of the surrounding drawing. */
export function Hole(props: { shape: Shape; turns: number; x: number; y: number; width: number; className?: string }) {
  const { shape, turns, x, y, width, className } = props;
  return (
    <path
      className={className}
      d={shapes[shape]}
      transform={`translate(${round(x)} ${round(y)}) scale(${round(width)}) rotate(${turns * 90} .5 .5)`}
    />
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
