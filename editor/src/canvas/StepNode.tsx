import { Handle, Position, type NodeProps } from '@xyflow/react';
import { CircleAlert, Hand, Hourglass } from 'lucide-react';
import { memo } from 'react';
import { formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import type { StepNode as StepNodeOf, StepNodeData } from './layout.js';
import { KindTile } from './KindTile.js';
import { NodeIcon } from './NodeIcon.js';

/** One step on the canvas: what kind it is, what it is called, and how it went. */
export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepNodeOf>) {
  const group = data.nodeType?.group ?? 'logic';
  return (
    <div className={classes('graph-node', `kind-${group}`, lookOf(data), selected && 'selected')}>
      <KindTile group={group} icon={data.nodeType?.icon} team={data.team} index={data.pieceIndex} />
      <div className="min-w-0 flex-1">
        <div className="node-title">{data.title}</div>
        <Subtitle data={data} />
      </div>
      <Mark data={data} />
      <Ports data={data} />
    </div>
  );
});

/** A loop, a for-each or a sub-department: tinted ground around its body. */
export const ContainerNode = memo(function ContainerNode({ data, selected }: NodeProps<StepNodeOf>) {
  return (
    <div className={classes('graph-container', lookOf(data), selected && 'selected')}>
      <header>
        <NodeIcon name={data.nodeType?.icon} size={14} />
        {data.title}
      </header>
      <Ports data={data} />
    </div>
  );
});

const looks = { running: 'now', waiting: 'wait', succeeded: 'done', failed: 'err', skipped: 'skip' } as const;
export const lookOf = (data: StepNodeData): string =>
  !data.progress
    ? data.quiet
      ? 'idle'
      : ''
    : data.progress.step.status === 'waiting' && !data.progress.yours
      ? 'pause'
      : looks[data.progress.step.status];

export function Subtitle({ data }: { data: StepNodeData }) {
  const { t, locale } = useTexts();
  const step = data.progress?.step;
  const tokens = step ? step.tokens.input + step.tokens.output : 0;
  // The kind of step says more than its name a second time.
  const kind =
    data.typeName !== data.title && data.typeName.length <= 22
      ? data.typeName
      : t(`simulator.graph.group.${data.nodeType?.group ?? 'logic'}`);
  const taken = data.outputs.length > 1 ? data.outputs.find(({ name }) => name === step?.port)?.title : undefined;
  const said = !step
    ? kind
    : step.status === 'failed'
      ? t('simulator.graph.failed')
      : step.status === 'skipped'
        ? t('simulator.graph.skipped')
        : tokens > 0
          ? t('simulator.graph.tokens', { count: tokens })
          : (taken ?? kind);
  return (
    <div className="node-subtitle num">
      <span className="truncate">{said}</span>
      {step?.durationMs != null && step.status !== 'skipped' && (
        <span className="node-time">{formatDuration(locale, step.durationMs)}</span>
      )}
    </div>
  );
}

export function Mark({ data }: { data: StepNodeData }) {
  const status = data.progress?.step.status;
  if (status === 'failed')
    return (
      <span className="node-mark">
        <CircleAlert size={12} aria-hidden />
      </span>
    );
  if (status === 'waiting')
    return (
      <span className={classes('node-mark', data.progress?.yours ? 'wait' : 'pause')}>
        {data.progress?.yours ? <Hand size={12} aria-hidden /> : <Hourglass size={11} aria-hidden />}
      </span>
    );
  return null;
}

/** One handle for each way out, spread evenly below; a single one needs no dot. */
function Ports({ data }: { data: StepNodeData }) {
  const { outputs } = data;
  return (
    <>
      {data.hasInput && (
        <Handle type="target" id="in" position={Position.Top} className="port hidden-port" isConnectable={false} />
      )}
      {outputs.map((port) => (
        <Handle
          key={port.name}
          type="source"
          id={port.name}
          position={Position.Bottom}
          isConnectable={false}
          title={port.title}
          className={classes('port', outputs.length === 1 && 'hidden-port', port.state)}
          style={{ left: port.x }}
        />
      ))}
    </>
  );
}
