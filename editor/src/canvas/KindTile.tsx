import { Piece } from '../ui/Piece.js';
import { NodeIcon } from './NodeIcon.js';

interface KindTileProps {
  readonly group: string;
  readonly icon: string | undefined;
  readonly team: string;
  /** Which piece of its team an agent is. */
  readonly index: number;
  /** px; without it, as the place it stands in draws it. */
  readonly size?: number;
  readonly working?: boolean;
}

/** What kind of step it is: a piece of its team for an agent, an icon on its kind's colour for the rest. */
export function KindTile({ group, icon, team, index, size, working = false }: KindTileProps) {
  const [piece, drawing] = size === undefined ? [28, 17] : [Math.round(size * 0.82), Math.round(size * 0.54)];
  return (
    <span className="kind-tile" style={size === undefined ? undefined : { width: size, height: size }}>
      {group === 'agent' ? (
        <Piece team={team} index={index} size={piece} state={working ? 'on' : 'idle'} />
      ) : (
        <NodeIcon name={icon} size={drawing} />
      )}
    </span>
  );
}
