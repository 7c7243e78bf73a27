import type { Definition, PublicNode, StepView } from '../api/types.js';
import { formatDuration, formatMicros, formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';

/** A customer is promised an answer within this, milliseconds. */
const promise = 3_000;

/** What an answer took: time by step against the promise, tokens, money. */
export function Meter(props: {
  readonly steps: readonly StepView[];
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
}) {
  const { t, locale } = useTexts();
  const { steps, definition, nodeTypes } = props;
  const groupOf = new Map(definition.nodes.map((node) => [node.id, nodeTypes.get(node.type)?.group ?? 'logic']));
  const timed = steps.filter(
    (step) => step.durationMs !== null && step.startedAt !== null && step.status !== 'skipped',
  );
  const starts = timed.map((step) => Date.parse(step.startedAt ?? ''));
  const first = Math.min(...starts);
  // Steps side by side take their time once.
  const total = Math.max(0, ...timed.map((step, index) => (starts[index] ?? first) - first + (step.durationMs ?? 0)));
  const scale = Math.max(promise, total);
  const tokens = steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  const micros = steps.reduce((sum, step) => sum + step.cost.micros, 0);
  return (
    <section
      aria-label={t('simulator.meter.label')}
      className="flex h-16 flex-none items-center gap-5 border-t border-line bg-surface px-5"
    >
      <Figure name={t('simulator.meter.time')} value={formatDuration(locale, total)} />
      <div className="hidden min-w-0 flex-1 desk:block">
        <div className="relative h-2 overflow-hidden rounded-[3px] bg-sunken">
          {timed.map((step, index) => (
            <i
              key={step.path}
              className={classes(`kind-${groupOf.get(step.nodeId)}`, 'meter-part')}
              style={{
                left: `${(((starts[index] ?? first) - first) / scale) * 100}%`,
                width: `${Math.max(0.4, ((step.durationMs ?? 0) / scale) * 100)}%`,
              }}
            />
          ))}
        </div>
        <div className="num mt-1 flex justify-between text-2xs text-ink-3">
          <span>0</span>
          <span className={total > promise ? 'text-danger' : ''}>{t('simulator.meter.promise')}</span>
        </div>
      </div>
      <Figure name={t('simulator.meter.tokens')} value={formatNumber(locale, tokens)} />
      <Figure name={t('simulator.meter.cost')} value={formatMicros(locale, micros)} />
    </section>
  );
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div className="flex-none">
    <span className="block text-2xs text-ink-3">{name}</span>
    <b className="num font-display text-lg leading-5 whitespace-nowrap">{value}</b>
  </div>
);
