import { NodeIcon } from '../canvas/NodeIcon.js';
import type { PublicNode } from '../api/types.js';
import { Piece } from '../ui/Piece.js';

/** The tile of a kind of step, in its silhouette. */
export function KindTile({ type, team, size = 26 }: { type: PublicNode; team: string; size?: number }) {
  return (
    <span className={`kind-tile silhouette kind-${type.group}`} style={{ width: size, height: size }}>
      {type.group === 'agent' ? (
        <Piece team={team} size={Math.round(size * 0.85)} index={indexOf(type.type)} />
      ) : (
        <NodeIcon name={type.icon} size={15} />
      )}
    </span>
  );
}

/** Each kind of agent keeps its own piece of the wall. */
const indexOf = (type: string): number => [...type].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4;
