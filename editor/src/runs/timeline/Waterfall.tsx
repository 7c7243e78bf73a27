import { ChevronDown, ChevronRight, Undo2 } from 'lucide-react';
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { formatDuration, formatMicros, formatNumber } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { classes } from '../../ui/classes.js';
import { axisOf, type Axis } from './axis.js';
import { Bars } from './Bars.js';
import { KindTile } from './KindTile.js';
import type { NodeFacts } from './nodesOf.js';
import { nodeOf, type TimelineRow } from './rows.js';
import './timeline.css';
import { useRowTexts } from './useRowTexts.js';

const ROW = 44;
/** Rows drawn above and below those in view, so that a quick scroll shows no gap. */
const SPARE = 12;

interface WaterfallProps {
  readonly rows: readonly TimelineRow[];
  readonly factsOf: (nodeId: string) => NodeFacts;
  readonly team: string;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** What a step did outside, in a few words; without it the column is left out. */
  readonly outsideOf: ((row: TimelineRow) => ReactNode) | null;
}

/** The steps of a run to scale, one under the other. Arrows move, Home and End jump, left and right fold a container. */
export function Waterfall({ rows, factsOf, team, selected, onSelect, outsideOf }: WaterfallProps) {
  const { t } = useTexts();
  const axis = useMemo(() => axisOf(rows), [rows]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => rows.filter((row) => !isInside(row.key, closed)), [rows, closed]);
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const measure = (): void => {
    const { current } = box;
    if (current) setView({ top: current.scrollTop, height: current.clientHeight });
  };
  useLayoutEffect(() => {
    measure();
    const watch = new ResizeObserver(measure);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const at = shown.findIndex(({ key }) => key === selected);
  /** Moved by a key: the focus goes along, once the row is drawn. */
  const walked = useRef(false);
  const focusRow = (): void => {
    const row = walked.current ? box.current?.querySelector<HTMLElement>(`[data-at="${at}"]`) : null;
    if (!row) return;
    row.focus({ preventScroll: true });
    walked.current = false;
  };
  const intoView = (): void => {
    const { current } = box;
    if (!current || at < 0 || !walked.current) return;
    const top = at * ROW;
    if (top < current.scrollTop) current.scrollTop = top;
    else if (top + ROW > current.scrollTop + current.clientHeight) current.scrollTop = top + ROW - current.clientHeight;
  };
  const bringIntoView = useEffectEvent(intoView);
  const focusWalked = useEffectEvent(focusRow);
  useEffect(() => bringIntoView(), [at]);
  useEffect(() => focusWalked(), [at, view.top]);

  const fold = (path: string, close: boolean): void =>
    setClosed((before) => {
      const after = new Set(before);
      if (close) after.add(path);
      else after.delete(path);
      return after;
    });
  const move = (event: KeyboardEvent): void => {
    const row = shown[at];
    const page = Math.max(1, Math.floor(view.height / ROW) - 1);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: shown.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      const next = shown[Math.min(shown.length - 1, Math.max(0, to))];
      walked.current = true;
      if (next && next.key !== selected) onSelect(next.key);
      else {
        intoView();
        focusRow();
      }
    } else if (row && isFoldable(row) && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      fold(row.key, event.key === 'ArrowLeft');
    } else return;
    event.preventDefault();
  };

  const first = Math.max(0, Math.floor(view.top / ROW) - SPARE);
  const last = Math.min(shown.length, Math.ceil((view.top + view.height) / ROW) + SPARE);
  return (
    <section
      aria-label={t('runs.timeline.label')}
      className={classes('waterfall flex min-h-0 flex-1 flex-col bg-surface', !outsideOf && 'lean')}
    >
      <Head axis={axis} outside={outsideOf !== null} />
      <div ref={box} onScroll={measure} onKeyDown={move} className="min-h-0 flex-1 overflow-y-auto">
        <div className="relative" style={{ height: shown.length * ROW }}>
          <Grid axis={axis} outside={outsideOf !== null} />
          <ol>
            {shown.slice(first, last).map((row, index) => (
              <Line
                key={row.key}
                row={row}
                axis={axis}
                at={first + index}
                of={shown.length}
                chosen={row.key === selected}
                // One stop for Tab, wherever one is.
                stop={row.key === selected || (at < 0 && first + index === 0)}
                facts={factsOf(row.nodeId)}
                titleOf={(path) => factsOf(nodeOf(path)).title}
                team={team}
                outside={outsideOf && <span className="min-w-0 truncate">{row.kind === 'step' && outsideOf(row)}</span>}
                closed={closed.has(row.key)}
                onFold={(close) => fold(row.key, close)}
                onSelect={() => onSelect(row.key)}
              />
            ))}
          </ol>
        </div>
      </div>
    </section>
  );
}

const isInside = (key: string, closed: ReadonlySet<string>): boolean =>
  [...closed].some((path) => key.startsWith(`${path}#`) || key.startsWith(`${path}/`));
const isFoldable = (row: TimelineRow): boolean => row.kind === 'container' || row.kind === 'lap';

function Head({ axis, outside }: { axis: Axis; outside: boolean }) {
  const { t, locale } = useTexts();
  return (
    <div
      aria-hidden="true"
      className="wf-row h-[34px] flex-none border-b border-line text-xs text-ink-2"
      // The rows below stand beside a scroll bar.
      style={{ scrollbarGutter: 'stable' }}
    >
      <span>{t('runs.timeline.step')}</span>
      <span className="num relative h-full">
        {axis.marks.map((mark) => (
          <span key={mark.left} className="wf-tick" style={{ left: `${mark.left}%` }}>
            {mark.anew && '+'}
            {mark.ms === 0 ? '0 s' : formatDuration(locale, mark.ms)}
          </span>
        ))}
        {axis.segments.map(
          ({ fold, from, to, left, width }) =>
            fold && (
              <span
                key={from}
                className={classes('wf-tick fold', fold)}
                style={{ left: `${left}%`, width: `${width}%` }}
              >
                {width > 8 && formatDuration(locale, to - from)}
              </span>
            ),
        )}
      </span>
      {outside && <span>{t('runs.timeline.outside')}</span>}
      <span className="text-right">{t('runs.timeline.tokens')}</span>
      <span className="text-right">{t('runs.timeline.cost')}</span>
    </div>
  );
}

/** Behind all rows: where the marks of the axis stand and what is folded. */
function Grid({ axis, outside }: { axis: Axis; outside: boolean }) {
  return (
    <div className="wf-grid" aria-hidden="true">
      <div className="wf-row">
        <span />
        <span className="relative h-full">
          {axis.segments.map(
            ({ fold, from, left, width }) =>
              fold && (
                <i key={from} className={classes('wf-band', fold)} style={{ left: `${left}%`, width: `${width}%` }} />
              ),
          )}
          {axis.marks.map(({ left }) => (
            <i key={left} className="wf-mark" style={{ left: `${left}%` }} />
          ))}
        </span>
        {outside && <span />}
        <span />
        <span />
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: TimelineRow;
  readonly axis: Axis;
  readonly at: number;
  readonly of: number;
  readonly chosen: boolean;
  readonly stop: boolean;
  readonly facts: NodeFacts;
  readonly titleOf: (path: string) => string;
  readonly team: string;
  readonly outside: ReactNode;
  readonly closed: boolean;
  readonly onFold: (close: boolean) => void;
  readonly onSelect: () => void;
}

function Line({ row, axis, at, of, chosen, stop, facts, titleOf, team, outside, closed, onFold, onSelect }: LineProps) {
  const { t, locale } = useTexts();
  const { nameOf, saidOf } = useRowTexts();
  const way = row.kind === 'step' ? facts.wayOf(row.tries.at(-1)?.port ?? null) : null;
  const foldable = isFoldable(row);
  const Chevron = closed ? ChevronRight : ChevronDown;
  return (
    <li
      className={classes('wf-line', chosen && 'on', row.recalled && 'recalled')}
      style={{ top: at * ROW }}
      aria-posinset={at + 1}
      aria-setsize={of}
      data-path={row.key}
    >
      <button
        type="button"
        data-at={at}
        tabIndex={stop ? 0 : -1}
        aria-current={chosen || undefined}
        aria-expanded={foldable ? !closed : undefined}
        className="wf-row"
        onClick={() => (chosen && foldable ? onFold(!closed) : onSelect())}
      >
        <span className="flex min-w-0 items-center gap-[9px] font-medium" style={{ paddingLeft: row.depth * 20 }}>
          {row.kind === 'lap' ? (
            <Chevron size={14} aria-hidden="true" className="ml-1.5 text-ink-3" />
          ) : (
            <KindTile facts={facts} team={team} size={26} working={row.status === 'running'} />
          )}
          <span
            className={classes(
              'truncate',
              row.undoes !== null && 'flex-none max-w-full',
              row.kind === 'lap' && 'text-ink-2',
            )}
          >
            {nameOf(row, facts)}
            {way && <span className="font-normal text-ink-2"> {way}</span>}
          </span>
          {row.undoes !== null && (
            <span
              className="flex min-w-0 items-center gap-1 text-xs text-ink-2"
              title={t('runs.timeline.undoes', { title: titleOf(row.undoes) })}
            >
              <Undo2 size={13} aria-hidden="true" className="flex-none" />
              <span className="truncate">{t('runs.timeline.undoes', { title: titleOf(row.undoes) })}</span>
            </span>
          )}
          {row.tries.length > 1 && <span className="wf-tries num">{row.tries.length}×</span>}
          {row.status === 'failed' && row.kind === 'step' && (
            <span className="sr-only">{t('runs.timeline.failed')}</span>
          )}
        </span>
        <Bars row={row} axis={axis} group={facts.group} said={saidOf(row)} />
        {outside}
        <span className="num text-right text-xs text-ink-2">{row.tokens > 0 && formatNumber(locale, row.tokens)}</span>
        <span className="num text-right text-xs text-ink-2">{row.micros > 0 && formatMicros(locale, row.micros)}</span>
      </button>
    </li>
  );
}
