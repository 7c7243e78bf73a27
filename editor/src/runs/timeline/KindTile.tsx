import '../../canvas/canvas.css';
import { KindTile as Tile } from '../../canvas/KindTile.js';
import type { NodeFacts } from './nodesOf.js';

/** The kind of a step, in the colour of its kind wherever it stands. */
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
      <Tile
        group={facts.group}
        icon={facts.type?.icon}
        team={team}
        index={facts.pieceIndex}
        size={size}
        working={working}
      />
    </span>
  );
}
