import '../../canvas/canvas.css';
import { NodeIcon } from '../../canvas/NodeIcon.js';
import { Piece } from '../../ui/Piece.js';
import type { NodeFacts } from './nodesOf.js';

/** What kind of step it is: a piece of its team for an agent, an icon on its kind's colour for the rest. */
export function KindTile({
  facts,
  team,
  size,
  working = false,
}: {
  facts: NodeFacts;
  team: string;
  size: number;
  working?: boolean;
}) {
  return (
    <span className={`kind-${facts.group} contents`}>
      <span className="kind-tile" style={{ width: size, height: size }}>
        {facts.group === 'agent' ? (
          <Piece team={team} index={facts.pieceIndex} size={Math.round(size * 0.82)} state={working ? 'on' : 'idle'} />
        ) : (
          <NodeIcon name={facts.type?.icon} size={Math.round(size * 0.54)} />
        )}
      </span>
    </span>
  );
}
