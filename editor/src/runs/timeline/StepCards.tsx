import { useMemo, useState, type ReactNode } from 'react';
import { formatDuration, formatMicros } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { classes } from '../../ui/classes.js';
import { axisOf, type Axis, type Segment } from './axis.js';
import { KindTile } from './KindTile.js';
import type { NodeFacts } from './nodesOf.js';
import { nodeOf, type TimelineRow } from './rows.js';
import './timeline.css';
import { useRowTexts } from './useRowTexts.js';

/** Cards drawn at first, and more at each asking. */
const PORTION = 100;

/** The same lines under a thumb: one card a step, its bar below its name, the folded silences between them. */
export function StepCards(props: {
  readonly rows: readonly TimelineRow[];
  readonly factsOf: (nodeId: string) => NodeFacts;
  readonly team: string;
  readonly onSelect: (key: string) => void;
  readonly outsideOf: ((row: TimelineRow) => ReactNode) | null;
}) {
  const { rows, factsOf, team, onSelect, outsideOf } = props;
  const { t, locale } = useTexts();
  const [most, setMost] = useState(PORTION);
  const axis = useMemo(() => axisOf(rows), [rows]);
  const silences = useMemo(() => silencesBefore(rows, axis), [rows, axis]);
  return (
    <>
      <ol aria-label={t('runs.timeline.label')} className="step-cards grid grid-cols-1 gap-2.5">
        {rows.slice(0, most).map((row) => (
          <li key={row.key} style={{ marginLeft: Math.min(row.depth, 3) * 14 }} data-path={row.key}>
            {silences.get(row.key)?.map(({ from, to, fold }) => (
              <p
                key={from}
                className={classes(
                  'num relative z-(--z-node) mb-2.5 rounded-md px-3 py-1.5 text-center text-xs font-semibold',
                  fold === 'you' ? 'bg-sol-soft text-sol-text' : 'bg-sunken text-ink-2',
                )}
              >
                {t(fold === 'you' ? 'runs.timeline.waitedForYou' : 'runs.timeline.waited', {
                  time: formatDuration(locale, to - from),
                })}
              </p>
            ))}
            <StepCard row={row} factsOf={factsOf} team={team} outsideOf={outsideOf} onSelect={onSelect} />
          </li>
        ))}
      </ol>
      {rows.length > most && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setMost(most + PORTION)}>
            {t('runs.timeline.more', { count: rows.length - most })}
          </Button>
        </div>
      )}
    </>
  );
}

/** A silence stands before the first step that began after it. */
function silencesBefore(rows: readonly TimelineRow[], axis: Axis): ReadonlyMap<string, Segment[]> {
  const before = new Map<string, Segment[]>();
  for (const segment of axis.segments) {
    const next = segment.fold === null ? undefined : rows.find(({ from }) => from >= segment.to);
    if (next) before.set(next.key, [...(before.get(next.key) ?? []), segment]);
  }
  return before;
}

function StepCard({
  row,
  factsOf,
  team,
  outsideOf,
  onSelect,
}: {
  row: TimelineRow;
  factsOf: (nodeId: string) => NodeFacts;
  team: string;
  outsideOf: ((row: TimelineRow) => ReactNode) | null;
  onSelect: (key: string) => void;
}) {
  const { t, locale } = useTexts();
  const { nameOf, saidOf } = useRowTexts();
  const facts = factsOf(row.nodeId);
  const said = saidOf(row);
  const length = formatDuration(locale, row.to - row.from);
  const way = row.kind === 'step' ? facts.wayOf(row.tries.at(-1)?.port ?? null) : null;
  const numbers = [
    row.undoes !== null && t('runs.timeline.undoes', { title: factsOf(nodeOf(row.undoes)).title }),
    way,
    said !== length && row.status !== 'waiting' && row.status !== 'stopped' && said,
    row.tokens > 0 && t('simulator.graph.tokens', { count: row.tokens }),
    row.micros > 0 && formatMicros(locale, row.micros),
  ].filter(Boolean);
  const outside = row.kind === 'step' ? row.effects.length > 0 && outsideOf?.(row) : null;
  if (row.kind === 'lap')
    return (
      <p className="num relative z-(--z-node) bg-wall px-1 text-sm font-semibold text-ink-2">
        {nameOf(row, facts)} · {length}
      </p>
    );
  return (
    <button
      type="button"
      onClick={() => onSelect(row.key)}
      className={classes('step-card num', row.status === 'waiting' && row.pause?.kind !== 'member' ? '' : row.status)}
    >
      <KindTile facts={facts} team={team} size={34} working={row.status === 'running'} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-semibold">{nameOf(row, facts)}</span>
          {row.tries.length > 1 && <span className="wf-tries">{row.tries.length}×</span>}
        </span>
        {numbers.length > 0 && <span className="block truncate text-sm text-ink-2">{numbers.join(' · ')}</span>}
        {outside && <span className="block truncate text-sm">{outside}</span>}
      </span>
      <span
        className={classes(
          'flex-none text-sm font-semibold',
          row.status === 'failed' ? 'text-danger' : row.status === 'running' && 'text-mar-text',
        )}
      >
        {row.status === 'failed'
          ? t('runs.timeline.failed')
          : row.status === 'waiting'
            ? t('runs.status.waiting')
            : row.recalled
              ? null
              : length}
      </span>
    </button>
  );
}
