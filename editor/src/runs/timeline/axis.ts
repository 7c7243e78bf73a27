import type { Bar, TimelineRow } from './rows.js';

/** A silence longer than this is folded, milliseconds. */
const FOLDED_MS = 10_000;
/** Where the last bar may end, percent: what is said of it stands to its right. */
const WIDTH = 93;
/** Most of the width that folds may take, and one of them. */
const FOLDS = 42;
const FOLD = 14;
/** Most that a millisecond takes beside folds, percent: else what took one would look as if it had filled the run. */
const WIDEST_MS = 0.5;
/** Nearest that two marks may stand, percent. */
const APART = 12;
/** Beyond this its words would stand in the next column, percent. */
const LAST_MARK = 90;

export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Percent of the width. */
  readonly left: number;
  readonly width: number;
  /** A silence, and whether it was for somebody of the house; `null` for what is drawn to scale. */
  readonly fold: 'you' | 'pause' | null;
}
export interface Mark {
  readonly left: number;
  /** Milliseconds since the segment began. */
  readonly ms: number;
  /** After a fold, time is counted anew. */
  readonly anew: boolean;
}
export interface Axis {
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
  /** Where a moment stands, percent of the width. */
  readonly at: (time: number) => number;
}

/** Where each moment of a run stands. Silences above 10 s are folded; the rest is to scale. */
export function axisOf(rows: readonly TimelineRow[]): Axis {
  const bars = rows.flatMap((row) => row.bars);
  const busy = union(bars.filter(({ kind }) => kind === 'work' || kind === 'failed'));
  const waits = bars.filter(({ kind }) => kind === 'you');
  const from = Math.min(...rows.map((row) => row.from));
  const to = Math.max(...rows.map((row) => row.to));
  if (!Number.isFinite(from)) return { segments: [], marks: [], at: () => 0 };
  const pieces = cut(from, to, busy, waits);
  const folds = pieces.filter(({ fold }) => fold !== null).length;
  const scaled = pieces.reduce((sum, piece) => sum + (piece.fold === null ? piece.to - piece.from : 0), 0);
  const leastFold = folds === 0 ? 0 : Math.min(FOLD, FOLDS / folds);
  const fitting = scaled === 0 ? 0 : (WIDTH - folds * leastFold) / scaled;
  const perMs = folds === 0 ? fitting : Math.min(fitting, WIDEST_MS);
  const foldWidth = folds === 0 ? 0 : (WIDTH - scaled * perMs) / folds;
  let left = 0;
  const segments = pieces.map((piece): Segment => {
    const width = piece.fold === null ? (piece.to - piece.from) * perMs : foldWidth;
    const segment = { ...piece, left, width };
    left += width;
    return segment;
  });
  return { segments, marks: marksOf(segments, perMs), at: (time) => placeOf(segments, time) };
}

/** Stretches of work with the silences between them; short silences belong to the work around them. */
function cut(
  from: number,
  to: number,
  busy: readonly Span[],
  waits: readonly Bar[],
): Pick<Segment, 'from' | 'to' | 'fold'>[] {
  const pieces: Pick<Segment, 'from' | 'to' | 'fold'>[] = [];
  let began = from;
  let quiet = from;
  const foldTo = (end: number): void => {
    if (end - quiet <= FOLDED_MS) return;
    const start = quiet;
    if (start > began || pieces.length > 0) pieces.push({ from: began, to: start, fold: null });
    const yours = waits.some((wait) => wait.from < end && wait.to > start);
    pieces.push({ from: start, to: end, fold: yours ? 'you' : 'pause' });
    began = end;
  };
  for (const span of busy) {
    foldTo(span.from);
    quiet = Math.max(quiet, span.to);
  }
  foldTo(to);
  if (to > began || pieces.length === 0) pieces.push({ from: began, to, fold: null });
  return pieces;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans that touch, as one. */
function union(spans: readonly Span[]): Span[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Milliseconds that spans cover together, each moment once. */
export const covered = (spans: readonly Span[]): number =>
  union(spans).reduce((sum, { from, to }) => sum + to - from, 0);

function placeOf(segments: readonly Segment[], time: number): number {
  const segment = segments.find((each) => time <= each.to) ?? segments.at(-1);
  if (!segment) return 0;
  const share = segment.to === segment.from ? 0 : (time - segment.from) / (segment.to - segment.from);
  return segment.left + Math.min(1, Math.max(0, share)) * segment.width;
}

/** 1, 2 and 5 of every power of ten up to a second; then what clocks count in. */
const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];

function marksOf(segments: readonly Segment[], perMs: number): Mark[] {
  if (perMs === 0) return [];
  const step = STEPS_MS.find((each) => each * perMs >= APART) ?? Infinity;
  let free = 0;
  return segments.flatMap((segment, index) => {
    if (segment.fold !== null) {
      free = segment.left + segment.width;
      return [];
    }
    const marks: Mark[] = [];
    const anew = index > 0;
    for (let ms = 0; ms <= segment.to - segment.from; ms += step) {
      const left = segment.left + ms * perMs;
      // Room for its words before the next fold.
      if (
        left > LAST_MARK ||
        left < free ||
        left + APART > segment.left + Math.max(segment.width, index === segments.length - 1 ? 100 : 0)
      )
        continue;
      marks.push({ left, ms, anew });
      free = left + APART * 0.6;
      if (!Number.isFinite(step)) break;
    }
    return marks;
  });
}
