import type { Definition, PublicNode, StepView } from '../api/types.js';
import { formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import '../canvas/canvas.css';

/** The steps of a run in the order they happened; those not taken are left out. */
export function StepList(props: {
  readonly steps: readonly StepView[];
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly selected: string | null;
  readonly onSelect: (nodeId: string) => void;
  readonly tall?: boolean;
}) {
  const { steps, definition, nodeTypes, selected, onSelect, tall = false } = props;
  const { t, locale, of } = useTexts();
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  return (
    <ol className="divide-y divide-line">
      {steps
        .filter((step) => step.status !== 'skipped')
        .map((step) => {
          const node = nodes.get(step.nodeId);
          const type = node && nodeTypes.get(node.type);
          const tokens = step.tokens.input + step.tokens.output;
          return (
            <li key={step.path} className={`kind-${type?.group ?? 'logic'}`}>
              <button
                type="button"
                onClick={() => onSelect(step.nodeId)}
                aria-current={selected === step.nodeId || undefined}
                className={classes(
                  'num flex w-full items-center gap-2.5 text-left hover:bg-sunken',
                  tall ? 'min-h-13 px-4' : 'min-h-8 px-3.5',
                  selected === step.nodeId && 'font-semibold',
                )}
              >
                <span className={classes('step-dot', step.status)} aria-hidden="true" />
                <span className="min-w-0 flex-1 truncate">{node?.title ?? (type ? of(type.title) : step.nodeId)}</span>
                {tokens > 0 && <span className="text-ink-3">{t('simulator.graph.tokens', { count: tokens })}</span>}
                <span className={classes('font-semibold', step.status === 'failed' && 'text-danger')}>
                  {step.status === 'failed'
                    ? t('simulator.graph.failed')
                    : step.status === 'waiting'
                      ? t('simulator.graph.waiting')
                      : step.durationMs === null
                        ? t('simulator.graph.running')
                        : formatDuration(locale, step.durationMs)}
                </span>
              </button>
            </li>
          );
        })}
    </ol>
  );
}
