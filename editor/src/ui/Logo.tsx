import { Hole } from './Hole.js';

/** The mark of the house: a block with one lit leaf. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className="block flex-none">
      <rect width="48" height="48" rx="11" fill="var(--color-ink)" />
      <g fill="var(--color-surface)">
        <Hole shape="leaf" turns={1} x={7} y={7} width={15} />
        <Hole shape="leaf" turns={0} x={7} y={26} width={15} />
        <Hole shape="leaf" turns={1} x={26} y={26} width={15} />
      </g>
      <g fill="var(--color-sol)">
        <Hole shape="leaf" turns={0} x={26} y={7} width={15} />
      </g>
    </svg>
  );
}
