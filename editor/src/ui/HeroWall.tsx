import { repeatable } from './cobogo.js';
import { Hole } from './Hole.js';
import { classes } from './classes.js';

const columns = 16;
const rows = 17;
const cell = 64;
const gap = 0.16;

/** Leaves of other colours: teams at work behind the wall. */
const teams: Record<string, string> = {
  '7,3': 'm',
  '13,9': 'm',
  '6,8': 'j',
  '12,12': 'v',
  '9,12': 'm',
  '5,5': 'v',
  '14,4': 'j',
  '8,2': 'u',
};

/** The wall with the sun behind it, the same at every visit. */
function leaves(): { x: number; y: number; light: string }[] {
  const random = repeatable(23);
  const drawn = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const chance = random();
      const spread = random();
      const distance = Math.hypot((x - 10.6) / 5.4, (y - 7.2) / 6.4) + (spread - 0.5) * 0.3;
      if (x < 6 && chance > 0.12 + (x - 1.5) * 0.2) continue;
      const sun = distance < 0.6 ? 'y' : distance < 0.78 ? 'y2' : distance < 0.98 ? 'y3' : 'u';
      drawn.push({ x, y, light: teams[`${x},${y}`] ?? sun });
    }
  }
  return drawn;
}

const drawn = leaves();

/** A wall of leaves with light behind. Decoration: readers of the screen skip it. */
export function HeroWall({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${columns * cell} ${rows * cell}`}
      className={classes('hero-wall pointer-events-none', className)}
    >
      {drawn.map(({ x, y, light }) => (
        <Hole
          key={`${x}-${y}`}
          className={light}
          shape="leaf"
          turns={(x + y) % 2 ? 0 : 1}
          x={x * cell + (cell * gap) / 2}
          y={y * cell + (cell * gap) / 2}
          width={cell * (1 - gap)}
        />
      ))}
    </svg>
  );
}
