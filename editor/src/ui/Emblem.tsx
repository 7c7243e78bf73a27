import type { CSSProperties } from 'react';
import { patternFor, type Pattern } from './cobogo.js';
import { Hole } from './Hole.js';

/** What the light of a block says: at work, your turn, paused, failed, only a rehearsal. */
export type EmblemState = 'idle' | 'on' | 'you' | 'off' | 'fail' | 'box';

const places = [
  [7, 7],
  [26, 7],
  [7, 26],
  [26, 26],
] as const;

export const blockColors = ({ color }: Pattern): CSSProperties =>
  ({ '--c': `var(--color-${color})`, '--l': `var(--color-${color}-light)` }) as CSSProperties;

/** The face of a team. Stands beside its name, so readers of the screen skip it. */
export function Emblem(props: { team: string; color?: string | undefined; size?: number; state?: EmblemState }) {
  const { team, color, size = 40, state = 'idle' } = props;
  const pattern = patternFor(team, color);
  return (
    <svg
      className={`cob ${state}`}
      style={blockColors(pattern)}
      width={size}
      height={size}
      viewBox="0 0 48 48"
      aria-hidden="true"
    >
      <rect className="b" x=".75" y=".75" width="46.5" height="46.5" rx="11" />
      {places.map(([x, y], index) => {
        const [shape, turns] = pattern.holes[index] ?? pattern.holes[0];
        return <Hole key={`${x}-${y}`} className={`h h${index}`} shape={shape} turns={turns} x={x} y={y} width={15} />;
      })}
      {state === 'fail' && (
        <>
          <circle className="bad" cx="39" cy="39" r="11" />
          <path className="ex" d="M39 33.5V40M39 44.4V44.5" />
        </>
      )}
    </svg>
  );
}
