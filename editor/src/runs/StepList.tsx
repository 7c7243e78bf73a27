import type { Definition, PublicNode, StepView } from '../api/types.js';
import { outputsOf } from '#engine/graph/ports.js';
import { formatDuration, formatMicros } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { Piece } from '../ui/Piece.js';
import '../canvas/canvas.css';
import { NodeIcon } from '../canvas/NodeIcon.js';

interface StepListProps {
  readonly steps: readonly StepView[];
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly team: string;
  readonly selected: string | null;
  readonly onSelect: (nodeId: string) => void;
  /** Cards for a thumb; rows otherwise. */
  readonly tall?: boolean;
}

/** The steps of a run in the order they happened; those not taken are left out. */
export function StepList({ tall = false, ...props }: StepListProps) {
  const { steps, definition, nodeTypes, onSelect } = props;
  const { of } = useTexts();
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const agents = definition.nodes.filter(({ type }) => nodeTypes.get(type)?.group === 'agent').map(({ id }) => id);
  const taken = steps.filter((step) => step.status !== 'skipped');
  return (
    <ol className={tall ? 'step-cards grid gap-2.5' : 'divide-y divide-line'}>
      {taken.map((step) => {
        const node = nodes.get(step.nodeId);
        const type = node && nodeTypes.get(node.type);
        const row: RowProps = {
          step,
          type,
          title: node?.title ?? (type ? of(type.title) : step.nodeId),
          route: node && type ? routeOf(node, type, step.port, of) : null,
          team: props.team,
          pieceIndex: Math.max(0, agents.indexOf(step.nodeId)),
          chosen: props.selected === step.nodeId,
          onClick: () => onSelect(step.nodeId),
        };
        return (
          <li key={step.path} data-node={step.nodeId} className={`kind-${type?.group ?? 'logic'}`}>
            {tall ? <Card {...row} /> : <Row {...row} />}
          </li>
        );
      })}
    </ol>
  );
}

/** The way it left by, where there were several. */
function routeOf(
  node: Definition['nodes'][number],
  type: PublicNode,
  port: string | null,
  of: (text: PublicNode['title']) => string,
): string | null {
  const outputs = outputsOf(type, node.config, node.onError);
  const way = outputs.length > 1 ? outputs.find(({ name }) => name === port) : undefined;
  return way ? of(way.title) : null;
}

interface RowProps {
  readonly step: StepView;
  readonly type: PublicNode | undefined;
  readonly title: string;
  readonly route: string | null;
  readonly team: string;
  readonly pieceIndex: number;
  readonly chosen: boolean;
  readonly onClick: () => void;
}

function Row({ step, title, chosen, onClick }: RowProps) {
  const { t } = useTexts();
  const tokens = step.tokens.input + step.tokens.output;
  return (
    <button
      type="button"
      onClick={onClick}
      aria-current={chosen || undefined}
      className={classes(
        'num flex min-h-8 w-full items-center gap-2.5 px-3.5 text-left hover:bg-sunken',
        chosen && 'font-semibold',
      )}
    >
      <span className={classes('step-dot', step.status)} aria-hidden="true" />
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {tokens > 0 && <span className="text-ink-2">{t('simulator.graph.tokens', { count: tokens })}</span>}
      <Outcome step={step} />
    </button>
  );
}

function Card({ step, type, title, route, team, pieceIndex, onClick }: RowProps) {
  const { t, locale } = useTexts();
  const tokens = step.tokens.input + step.tokens.output;
  const facts = [
    route,
    tokens > 0 && t('simulator.graph.tokens', { count: tokens }),
    step.cost.micros > 0 && formatMicros(locale, step.cost.micros),
  ].filter(Boolean);
  return (
    <button type="button" onClick={onClick} className={classes('step-card num', step.status)}>
      <span className="kind-tile">
        {type?.group === 'agent' ? (
          <Piece team={team} index={pieceIndex} size={28} state={step.status === 'running' ? 'on' : 'idle'} />
        ) : (
          <NodeIcon name={type?.icon} size={18} />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{title}</span>
        <span className="block truncate text-sm text-ink-2">
          {facts.length > 0 ? facts.join(' · ') : t(`simulator.graph.group.${type?.group ?? 'logic'}`)}
        </span>
      </span>
      <Outcome step={step} />
    </button>
  );
}

function Outcome({ step }: { step: StepView }) {
  const { t, locale } = useTexts();
  const said =
    step.status === 'failed'
      ? t('simulator.graph.failed')
      : step.status === 'waiting'
        ? t('simulator.graph.waiting')
        : step.durationMs === null
          ? t('simulator.graph.running')
          : formatDuration(locale, step.durationMs);
  return (
    <span
      className={classes(
        'flex-none font-semibold',
        step.status === 'failed' ? 'text-danger' : step.status === 'running' && 'text-mar-text',
      )}
    >
      {said}
    </span>
  );
}
