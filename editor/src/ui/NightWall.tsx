import { Hole } from './Hole.js';

export interface HalfHour {
  readonly at: string;
  readonly answered: number;
  readonly handedOff: number;
}

const columns = 24;
const rows = 4;
const cell = 14;
const gap = 0.16;

/** How many leaves of a column are lit, of which the topmost became your turn. One leaf is one conversation until a column would overflow; then leaves share. */
export function columnLight(
  halfHour: Pick<HalfHour, 'answered' | 'handedOff'>,
  tallest: number,
): { lit: number; yours: number } {
  const total = halfHour.answered + halfHour.handedOff;
  if (total === 0) return { lit: 0, yours: 0 };
  const scale = tallest > rows ? rows / tallest : 1;
  const lit = Math.max(1, Math.round(total * scale));
  return {
    lit,
    yours: halfHour.handedOff === 0 ? 0 : Math.min(lit, Math.max(1, Math.round(halfHour.handedOff * scale))),
  };
}

/** The last twelve hours as a wall: 24 half-hours by 4 leaves, teal answered, sol handed to you. `label` says it in one sentence. */
export function NightWall({ halfHours, label }: { halfHours: readonly HalfHour[]; label: string }) {
  const shown = halfHours.slice(-columns);
  const tallest = Math.max(0, ...shown.map(({ answered, handedOff }) => answered + handedOff));
  const first = columns - shown.length;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${columns * cell} ${rows * cell}`} className="block h-auto w-full">
      {Array.from({ length: columns }, (_, x) => {
        const halfHour = shown[x - first];
        const { lit, yours } = halfHour ? columnLight(halfHour, tallest) : { lit: 0, yours: 0 };
        return Array.from({ length: rows }, (_, y) => {
          const height = rows - 1 - y;
          const light = height >= lit ? 'u' : height >= lit - yours ? 'y' : 'm';
          return (
            <Hole
              key={`${x}-${y}`}
              className={light}
              shape="leaf"
              turns={(x + y) % 2 ? 0 : 1}
              x={x * cell + (cell * gap) / 2}
              y={y * cell + (cell * gap) / 2}
              width={cell * (1 - gap)}
            />
          );
        });
      })}
    </svg>
  );
}
