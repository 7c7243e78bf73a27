import { shapes } from './cobogo.js';

/** Something is being worked on: three leaves, one after another. Still under reduced motion. */
export function LeafTrio({ size = 14 }: { size?: number }) {
  return (
    <svg
      className="leaf-trio block flex-none"
      width={size * 3}
      height={size}
      viewBox="0 0 45 15"
      aria-hidden="true"
      fill="currentColor"
    >
      {[0.35, 1, 0.6].map((opacity, index) => (
        <path
          key={opacity}
          d={shapes.leaf}
          opacity={opacity}
          transform={`translate(${index * 15 + 1} 1.5) scale(12) rotate(${(index % 2) * 90} .5 .5)`}
        />
      ))}
    </svg>
  );
}
