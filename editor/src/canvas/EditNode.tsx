import { Handle, Position, type NodeProps } from '@xyflow/react';
import { Lock, Pin, StickyNote } from 'lucide-react';
import { memo, useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useDetail, useEdgeInHand } from './detail.js';
import type { CanvasNode } from './drawing.js';
import { KindTile } from './KindTile.js';
import { NodeIcon } from './NodeIcon.js';
import { lookOf, Subtitle, Mark } from './StepNode.js';

/** One step in the editor: what it is, what is wrong with it, who holds it, and its ports to draw from. */
export const EditNode = memo(function EditNode({ data, selected }: NodeProps<CanvasNode>) {
  const group = data.nodeType?.group ?? 'logic';
  const tiny = useDetail() === 'tiny';
  const edgeInHand = useEdgeInHand();
  // Too small to see, the ports are there for the step under the pointer or selected, and everywhere while an edge is being drawn.
  const [near, setNear] = useState(false);
  const { held } = data;
  return (
    <div
      className={classes(
        'graph-node editable',
        `kind-${group}`,
        lookOf(data),
        data.errors > 0 && 'err',
        data.trace && `trace-${data.trace}`,
        data.diff && `diff-${data.diff}`,
        held && 'held',
        selected && 'selected',
      )}
      style={held ? { ['--by' as string]: `var(--color-${held.color})` } : undefined}
      onPointerEnter={tiny ? () => setNear(true) : undefined}
      onPointerLeave={tiny ? () => setNear(false) : undefined}
    >
      {!tiny && (
        <>
          <KindTile group={group} icon={data.nodeType?.icon} team={data.team} index={data.pieceIndex} />
          <div className="min-w-0 flex-1">
            <div className="node-title">{data.title}</div>
            {data.progress ? <Subtitle data={data} /> : <RestSubtitle data={data} />}
          </div>
        </>
      )}
      {hasBadges(data, tiny) && <Badges data={data} tiny={tiny} />}
      {(!tiny || near || selected || edgeInHand) && <EditPorts data={data} />}
      {held && <span className="node-holder">{held.name}</span>}
    </div>
  );
});

/** A loop or a for-each: its body stands inside, the limit in its head. */
export const EditContainer = memo(function EditContainer({ data, selected }: NodeProps<CanvasNode>) {
  const tiny = useDetail() === 'tiny';
  const edgeInHand = useEdgeInHand();
  // Too small to see, the ports are there for the step under the pointer or selected, and everywhere while an edge is being drawn.
  const [near, setNear] = useState(false);
  const { held } = data;
  return (
    <div
      className={classes(
        'graph-container editable',
        lookOf(data),
        data.errors > 0 && 'err',
        held && 'held',
        data.diff && `diff-${data.diff}`,
        selected && 'selected',
      )}
      style={held ? { ['--by' as string]: `var(--color-${held.color})` } : undefined}
      onPointerEnter={tiny ? () => setNear(true) : undefined}
      onPointerLeave={tiny ? () => setNear(false) : undefined}
    >
      {!tiny && (
        <header>
          <NodeIcon name={data.nodeType?.icon} size={14} />
          <span className="node-title min-w-0 flex-1">{data.title}</span>
          {data.detail && <span className="num flex-none font-normal">{data.detail}</span>}
        </header>
      )}
      {hasBadges(data, tiny) && <Badges data={data} tiny={tiny} />}
      {(!tiny || near || selected || edgeInHand) && <EditPorts data={data} />}
    </div>
  );
});

function RestSubtitle({ data }: { data: CanvasNode['data'] }) {
  return (
    <div className="node-subtitle num">
      <span className="truncate">{data.detail ?? data.rest}</span>
    </div>
  );
}

const hasBadges = (data: CanvasNode['data'], tiny: boolean): boolean =>
  data.errors > 0 ||
  data.progress !== null ||
  data.comments > 0 ||
  (!tiny && (data.locked || data.hasNote || data.pinned));

function Badges({ data, tiny }: { data: CanvasNode['data']; tiny: boolean }) {
  return (
    <>
      {data.errors > 0 ? <Errors count={data.errors} /> : <Mark data={data} />}
      {!tiny && (data.locked || data.hasNote || data.pinned) && <Signs data={data} />}
      {data.comments > 0 && <span className="node-comments num">{data.comments}</span>}
    </>
  );
}

function Errors({ count }: { count: number }) {
  const { t } = useTexts();
  return (
    <span className="node-mark" title={t('editor.problems.count', { count })}>
      {count}
    </span>
  );
}

function Signs({ data }: { data: CanvasNode['data'] }) {
  const { t } = useTexts();
  return (
    <span className="node-signs">
      {data.pinned && <Pin size={11} aria-label={t('editor.node.pinned')} />}
      {data.hasNote && <StickyNote size={11} aria-label={t('editor.node.hasNote')} />}
      {data.locked && <Lock size={11} aria-label={t('editor.node.locked')} />}
    </span>
  );
}

/** A dot for each way out, and the way in above. Each says its name; the circle to hit is larger than it looks. */
function EditPorts({ data }: { data: CanvasNode['data'] }) {
  const { outputs, connectable } = data;
  return (
    <>
      {data.hasInput && (
        <Handle type="target" id="in" position={Position.Top} className="port way-in" isConnectable={connectable} />
      )}
      {outputs.map((port) => (
        <Handle
          key={port.name}
          type="source"
          id={port.name}
          position={Position.Bottom}
          isConnectable={connectable}
          title={port.title}
          className={classes('port', outputs.length === 1 && (port.free ? 'only' : 'joined'), port.state)}
          style={{ left: port.x }}
        />
      ))}
    </>
  );
}
