import { patternFor } from './cobogo.js';
import { blockColors, type EmblemState } from './Emblem.js';
import { Hole } from './Hole.js';

/** An agent is one piece of its team's wall. */
export function Piece(props: {
  team: string;
  color?: string | undefined;
  index?: number;
  size?: number;
  state?: EmblemState;
}) {
  const { team, color, index = 0, size = 22, state = 'idle' } = props;
  const pattern = patternFor(team, color);
  const [shape, turns] = pattern.holes[index % 4] ?? pattern.holes[0];
  return (
    <svg
      className={`cob ${state}`}
      style={blockColors(pattern)}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <rect className="b" x=".5" y=".5" width="23" height="23" rx="6" />
      <Hole className="h h1" shape={shape} turns={turns} x={6} y={6} width={12} />
    </svg>
  );
}
