import { groupBy } from '#engine/graph/group.js';
import type { EffectView, PauseView, StepBrief } from '../../api/types.js';

/** What a bar says: at work, a try that failed, the pause before the next one, waiting, waiting for somebody of the house. */
export type BarKind = 'work' | 'failed' | 'backoff' | 'pause' | 'you';

/** From and to in milliseconds since 1970. */
export interface Bar {
  readonly kind: BarKind;
  readonly from: number;
  readonly to: number;
}

/** `stopped`: its run ended while it waited or worked. */
export type RowStatus = StepBrief['status'] | 'stopped';

/** One line of the timeline: a step with all its tries, or one lap of a container. */
export interface TimelineRow {
  readonly key: string;
  readonly kind: 'step' | 'container' | 'lap';
  /** Of the step; of its container for a lap. */
  readonly path: string;
  readonly nodeId: string;
  readonly depth: number;
  readonly status: RowStatus;
  /** Which lap, from 1, of how many. */
  readonly lap: { readonly number: number; readonly of: number } | null;
  /** Laps of a container. */
  readonly laps: number;
  /** Oldest first; empty for a lap, and for a container whose own record is not there yet. */
  readonly tries: readonly StepBrief[];
  readonly pause: PauseView | null;
  /** What it did outside, each once. */
  readonly effects: readonly EffectView[];
  /** Taken over from the run that this one forks: nothing was done here. */
  readonly recalled: boolean;
  /** Path of the step that this one undid. */
  readonly undoes: string | null;
  readonly bars: readonly Bar[];
  readonly from: number;
  readonly to: number;
  readonly tokens: number;
  readonly micros: number;
}

/** Another system was asked, and refused: its step left by the way that is there for that. */
export const wasRefused = ({ tries, effects }: Pick<TimelineRow, 'tries' | 'effects'>): boolean =>
  tries.at(-1)?.port === 'failed' && effects.some(({ kind }) => kind === 'http');

export interface TimelineInput {
  /** Every try of every step. */
  readonly steps: readonly StepBrief[];
  readonly pauses: readonly PauseView[];
  /** What it did outside. */
  readonly ledger: readonly EffectView[];
  /** Milliseconds since 1970: where what is still under way ends for now. */
  readonly now: number;
  /** The run has ended: nothing waits or works any more. */
  readonly over?: boolean;
}

interface Known {
  readonly path: string;
  readonly tries: StepBrief[];
  pause: PauseView | null;
  readonly effects: readonly EffectView[];
}

/** The lines of a run in the order things began, what is inside a container indented below it. Steps that were not taken are left out. */
export function rowsOf({ steps, pauses, ledger, now, over = false }: TimelineInput): TimelineRow[] {
  const statusOf = (last: StepBrief | undefined, otherwise: RowStatus): RowStatus => {
    const status = last?.status ?? otherwise;
    return over && (status === 'waiting' || status === 'running') ? 'stopped' : status;
  };
  // What was recalled happened in another run, maybe long ago: here it stands where this one begins.
  const own = steps.filter(({ recalled, status }) => !recalled && status !== 'skipped');
  const began = Math.min(now, ...own.map((step) => startOf(step, now)));
  const outside = groupBy(ledger, ({ path }) => path ?? '');
  const known = new Map<string, Known>();
  const at = (path: string): Known => {
    const found = known.get(path) ?? { path, tries: [], pause: null, effects: outside.get(path) ?? [] };
    known.set(path, found);
    return found;
  };
  for (const step of steps) if (step.status !== 'skipped') at(step.path).tries.push(step);
  for (const pause of pauses) if (known.has(pause.path)) at(pause.path).pause = pause;
  // A container is on record only once it has ended or waits: until then its body says that it is there.
  for (const path of [...known.keys()]) for (const around of containersOf(path)) at(around);
  const bodies = new Map<string, Map<number, Known[]>>();
  const top: Known[] = [];
  for (const each of known.values()) {
    const place = placeOf(each.path);
    if (!place) {
      top.push(each);
      continue;
    }
    const laps = bodies.get(place.container) ?? new Map<number, Known[]>();
    laps.set(place.lap, [...(laps.get(place.lap) ?? []), each]);
    bodies.set(place.container, laps);
  }
  const build = (level: readonly Known[], depth: number): TimelineRow[] =>
    level
      .map((each) => rowWithBody(each, depth))
      .toSorted((a, b) => (a[0]?.from ?? 0) - (b[0]?.from ?? 0))
      .flat();

  function rowWithBody(each: Known, depth: number): TimelineRow[] {
    const laps = [...(bodies.get(each.path) ?? [])].toSorted(([a], [b]) => a - b);
    if (laps.length === 0)
      return [
        each.tries.every(({ recalled }) => recalled)
          ? recalledRow(each, depth, began)
          : stepRow(each, depth, now, statusOf),
      ];
    const inside = laps.map(([number, body]) => {
      const rows = build(body, laps.length > 1 ? depth + 2 : depth + 1);
      return laps.length > 1 ? [lapRow(each.path, number, laps.length, rows, depth + 1), ...rows] : rows;
    });
    return [containerRow(each, inside.flat(), laps.length, depth, now, statusOf), ...inside.flat()];
  }
  return build(top, 0);
}

/** `loop#2/each#0/check` is in `loop` and in `loop#2/each`. */
function containersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => withoutLap(parts.slice(0, index + 1).join('/')));
}

const withoutLap = (path: string): string => path.replace(/#\d+$/, '');

function placeOf(path: string): { container: string; lap: number } | null {
  const end = path.lastIndexOf('/');
  if (end < 0) return null;
  const round = path.slice(0, end);
  return { container: withoutLap(round), lap: Number(round.slice(round.lastIndexOf('#') + 1)) };
}

/** The node's own id: the last part of a path. */
export const nodeOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const startOf = (step: StepBrief, otherwise: number): number =>
  step.startedAt === null ? otherwise : Date.parse(step.startedAt);
const tokensOf = (tries: readonly StepBrief[]): number =>
  tries.reduce((sum, { tokens }) => sum + tokens.input + tokens.output, 0);
const microsOf = (tries: readonly StepBrief[]): number => tries.reduce((sum, { cost }) => sum + cost.micros, 0);

type StatusOf = (last: StepBrief | undefined, otherwise: RowStatus) => RowStatus;

function stepRow({ path, tries, pause, effects }: Known, depth: number, now: number, statusOf: StatusOf): TimelineRow {
  const ordered = tries.toSorted((a, b) => a.attempt - b.attempt);
  const bars: Bar[] = [];
  for (const [index, step] of ordered.entries()) {
    const from = startOf(step, now);
    const before = bars.at(-1);
    if (before && from > before.to) bars.push({ kind: 'backoff', from: before.to, to: from });
    const isLast = index === ordered.length - 1;
    bars.push(...barsOf(step, from, isLast ? pause : null, now));
    // It waits for nobody's answer: nobody knows what it did outside, and it is not done again before somebody does.
    if (isLast && !pause && step.status === 'waiting') {
      const kind = effects.some(({ needsPerson }) => needsPerson) ? 'you' : 'pause';
      const since = bars.at(-1)?.to ?? from;
      bars.push({ kind, from: since, to: Math.max(now, since) });
    }
  }
  const last = ordered.at(-1);
  const from = Math.min(...bars.map((bar) => bar.from));
  return {
    key: path,
    kind: 'step',
    path,
    nodeId: last?.nodeId ?? nodeOf(path),
    depth,
    status: statusOf(last, 'running'),
    lap: null,
    laps: 0,
    tries: ordered,
    pause,
    effects,
    recalled: false,
    undoes: last?.compensates ?? null,
    bars,
    from,
    to: Math.max(...bars.map((bar) => bar.to)),
    tokens: tokensOf(ordered),
    micros: microsOf(ordered),
  };
}

function recalledRow({ path, tries }: Known, depth: number, began: number): TimelineRow {
  const ordered = tries.toSorted((a, b) => a.attempt - b.attempt);
  const last = ordered.at(-1);
  return {
    key: path,
    kind: 'step',
    path,
    nodeId: last?.nodeId ?? nodeOf(path),
    depth,
    status: last?.status ?? 'succeeded',
    lap: null,
    laps: 0,
    tries: ordered.slice(-1),
    pause: null,
    effects: [],
    recalled: true,
    undoes: null,
    bars: [],
    from: began,
    to: began,
    tokens: 0,
    micros: 0,
  };
}

/** A step that waited has one record, with the time of its last stretch of work; what came before is what it waited for. */
function barsOf(step: StepBrief, from: number, pause: PauseView | null, now: number): Bar[] {
  const kind: BarKind = step.status === 'failed' ? 'failed' : 'work';
  if (!pause) {
    const to = step.durationMs === null ? Math.max(now, from) : from + step.durationMs;
    return [{ kind, from, to }];
  }
  const opened = Math.max(from, Date.parse(pause.openedAt));
  const answered = pause.answeredAt === null ? null : Math.max(opened, Date.parse(pause.answeredAt));
  const waited: Bar = { kind: pause.kind === 'member' ? 'you' : 'pause', from, to: answered ?? Math.max(now, opened) };
  if (answered === null || step.status === 'waiting') return [waited];
  return [waited, { kind, from: answered, to: answered + (step.durationMs ?? Math.max(0, now - answered)) }];
}

function containerRow(
  each: Known,
  inside: readonly TimelineRow[],
  laps: number,
  depth: number,
  now: number,
  statusOf: StatusOf,
): TimelineRow {
  const tries = each.tries.toSorted((a, b) => a.attempt - b.attempt);
  const last = tries.at(-1);
  const ends = inside.map((row) => row.to);
  const executed = tries.filter(({ recalled }) => !recalled);
  const own = executed.map((step) => startOf(step, now) + (step.durationMs ?? 0));
  const from = Math.min(...inside.map((row) => row.from), ...executed.map((step) => startOf(step, now)));
  const status = statusOf(last, 'running');
  const to = Math.max(...ends, ...(last?.status === 'waiting' || inside.some(({ pause }) => pause) ? [] : own));
  return {
    key: each.path,
    kind: 'container',
    path: each.path,
    nodeId: last?.nodeId ?? nodeOf(each.path),
    depth,
    status,
    lap: null,
    laps,
    tries,
    pause: null,
    effects: [],
    recalled: tries.length > 0 && tries.every((step) => step.recalled),
    undoes: null,
    bars: [],
    from,
    to,
    tokens: 0,
    micros: 0,
  };
}

function lapRow(path: string, number: number, of: number, inside: readonly TimelineRow[], depth: number): TimelineRow {
  const status =
    (['failed', 'waiting', 'running', 'stopped'] as const).find((each) =>
      inside.some((row) => row.status === each && row.kind === 'step'),
    ) ?? 'succeeded';
  return {
    key: `${path}#${number}`,
    kind: 'lap',
    path,
    nodeId: nodeOf(path),
    depth,
    status,
    lap: { number: number + 1, of },
    laps: 0,
    tries: [],
    pause: null,
    effects: [],
    recalled: inside.every((row) => row.recalled),
    undoes: null,
    bars: [],
    from: Math.min(...inside.map((row) => row.from)),
    to: Math.max(...inside.map((row) => row.to)),
    tokens: 0,
    micros: 0,
  };
}
