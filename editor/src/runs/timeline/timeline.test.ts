import { describe, expect, it } from 'vitest';
import type { EffectView, PauseView, StepBrief } from '../../api/types.js';
import { axisOf } from './axis.js';
import { factsOf } from './facts.js';
import { rowsOf, wasRefused } from './rows.js';
import { isYourTurn } from './watchedRow.js';

const began = Date.parse('2026-11-26T06:58:11.000Z');
const iso = (ms: number): string => new Date(began + ms).toISOString();
const step = (path: string, at: number, ms: number | null, more: Partial<StepBrief> = {}): StepBrief =>
  ({
    nodeId: path.slice(path.lastIndexOf('/') + 1),
    path,
    status: ms === null ? 'running' : 'succeeded',
    attempt: 1,
    port: 'out',
    error: null,
    startedAt: iso(at),
    durationMs: ms,
    tokens: { input: 0, output: 0 },
    cost: { micros: 0, currency: 'USD' },
    model: null,
    recalled: false,
    compensates: null,
    ...more,
  }) as StepBrief;
const pause = (path: string, kind: PauseView['kind'], opened: number, answered: number | null): PauseView => ({
  path,
  kind,
  question: { title: 'Pode?' },
  answer: answered === null ? null : 'sim',
  wakeAt: null,
  openedAt: iso(opened),
  answeredAt: answered === null ? null : iso(answered),
  answeredBy: null,
});
const rows = (steps: StepBrief[], pauses: PauseView[] = [], now = 60_000) =>
  rowsOf({ steps, pauses, ledger: [], now: began + now });
/** Bars in milliseconds since the run began. */
const bars = (row: ReturnType<typeof rows>[number] | undefined) =>
  row?.bars.map(({ kind, from, to }) => [kind, from - began, to - began]);

describe('rows', () => {
  it('are in the order things began, without what was not taken', () => {
    const found = rows([step('b', 20, 5), step('a', 0, 10), step('no', 12, 0, { status: 'skipped', port: null })]);
    expect(found.map(({ path }) => path)).toEqual(['a', 'b']);
  });

  it('of a run that has ended wait no more, and have waited until then', () => {
    const steps = [step('confirm', 0, 0, { status: 'waiting', port: null, durationMs: null })];
    const pauses = [pause('confirm', 'member', 0, null)];
    const of = (over: boolean) => rowsOf({ steps, pauses, ledger: [], now: began + 1_300, over });
    const [waiting, stopped] = [of(false)[0], of(true)[0]];
    expect([waiting?.status, stopped?.status]).toEqual(['waiting', 'stopped']);
    expect(waiting && isYourTurn(waiting)).toBe(true);
    expect(stopped && isYourTurn(stopped)).toBe(false);
    expect(bars(stopped)).toEqual([['you', 0, 1_300]]);
  });

  it('show each try and the pause before the next', () => {
    const [row] = rows([
      step('check', 700, 200, { attempt: 2 }),
      step('check', 0, 500, { status: 'failed', port: null }),
    ]);
    expect(bars(row)).toEqual([
      ['failed', 0, 500],
      ['backoff', 500, 700],
      ['work', 700, 900],
    ]);
    expect(row?.status).toBe('succeeded');
  });

  it('go on until now while a step works or waits', () => {
    expect(bars(rows([step('a', 0, null)])[0])).toEqual([['work', 0, 60_000]]);
    const waiting = step('ask', 0, 2, { status: 'waiting', port: null });
    expect(bars(rows([waiting], [pause('ask', 'contact', 2, null)])[0])).toEqual([['pause', 0, 60_000]]);
  });

  it('show what a step waited for before the work it then did', () => {
    const [row] = rows([step('ask', 0, 30)], [pause('ask', 'member', 5, 40_000)]);
    expect(bars(row)).toEqual([
      ['you', 0, 40_000],
      ['work', 40_000, 40_030],
    ]);
  });

  it('put what was recalled from another run at the beginning of this one', () => {
    const [recalled, own] = rows([step('long ago', -9_000_000, 400, { recalled: true }), step('here', 0, 10)]);
    expect(recalled).toMatchObject({ path: 'long ago', recalled: true, bars: [], from: began, to: began });
    expect(own?.recalled).toBe(false);
  });

  it('indent the body of a container, and number its laps when there are several', () => {
    const one = rows([step('each', 0, 30), step('each#0/check', 1, 10)]);
    expect(one.map(({ kind, depth, path }) => [kind, depth, path])).toEqual([
      ['container', 0, 'each'],
      ['step', 1, 'each#0/check'],
    ]);
    const several = rows([
      step('each', 0, 100),
      step('each#10/check', 60, 10),
      step('each#2/check', 30, 10, { status: 'failed', port: null }),
      step('each#2/inner#0/x', 41, 2),
    ]);
    expect(several.map(({ kind, depth, key, lap, status }) => [kind, depth, key, lap?.number, status])).toEqual([
      ['container', 0, 'each', undefined, 'succeeded'],
      ['lap', 1, 'each#2', 3, 'failed'],
      ['step', 2, 'each#2/check', undefined, 'failed'],
      ['container', 2, 'each#2/inner', undefined, 'running'],
      ['step', 3, 'each#2/inner#0/x', undefined, 'succeeded'],
      ['lap', 1, 'each#10', 11, 'succeeded'],
      ['step', 2, 'each#10/check', undefined, 'succeeded'],
    ]);
    expect(several[0]?.laps).toBe(2);
  });
});

describe('the axis', () => {
  it('is to scale where something happens', () => {
    const axis = axisOf(rows([step('a', 0, 1_000), step('b', 1_000, 3_000)]));
    expect(axis.at(began)).toBe(0);
    expect(axis.at(began + 2_000)).toBeCloseTo(axis.at(began + 4_000) / 2);
    expect(axis.marks.map(({ ms }) => ms)).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it('folds silences above ten seconds, yours apart from others, and counts anew after them', () => {
    const found = rows(
      [step('a', 0, 4_000), step('ask', 4_000, 0), step('b', 1_056_000, 4_000), step('late', 1_080_000, 2_000)],
      [pause('ask', 'member', 4_000, 1_056_000)],
    );
    const axis = axisOf(found);
    expect(axis.segments.map(({ fold, from, to }) => [fold, to - from])).toEqual([
      [null, 4_000],
      ['you', 1_052_000],
      [null, 4_000],
      ['pause', 20_000],
      [null, 2_000],
    ]);
    const widths = axis.segments.filter(({ fold }) => fold === null).map(({ width }) => width);
    expect(widths[0]).toBeCloseTo(widths[1] ?? 0);
    expect(widths[0]).toBeCloseTo((widths[2] ?? 0) * 2);
    expect(axis.marks.some(({ anew }) => anew)).toBe(true);
    const ends = axis.segments.at(-1);
    expect((ends?.left ?? 0) + (ends?.width ?? 0)).toBeCloseTo(93);
  });

  it('does not fold long work, nor a short silence', () => {
    expect(axisOf(rows([step('a', 0, 40_000), step('b', 49_000, 10)])).segments.map(({ fold }) => fold)).toEqual([
      null,
    ]);
  });

  it('leaves to what was waited for what next to nothing was done beside', () => {
    const axis = axisOf(rows([step('start', 0, 1), step('ask', 1, 0)], [pause('ask', 'member', 1, null)]));
    expect(axis.at(began + 1)).toBeLessThan(1);
    expect(axis.at(began + 60_000)).toBeCloseTo(93);
  });

  it('holds for a run of no length, of many folds, and of no steps', () => {
    expect(axisOf(rows([step('a', 0, 0)])).at(began)).toBe(0);
    expect(axisOf([]).segments).toEqual([]);
    const many = axisOf(rows(Array.from({ length: 60 }, (_, n) => step(`s${n}`, n * 20_000, 10))));
    for (const { left, width } of many.segments) expect(left + width).toBeLessThanOrEqual(93.001);
    for (const [index, mark] of many.marks.entries())
      expect(mark.left).toBeGreaterThanOrEqual((many.marks[index - 1]?.left ?? -9) + 5);
  });
});

describe('what was refused outside', () => {
  const effect = (path: string) => ({ id: path, path, kind: 'http', state: 'done' }) as EffectView;
  const of = (port: string) =>
    rowsOf({ steps: [step('book', 0, 5, { port })], pauses: [], ledger: [effect('book')], now: began });

  it('was not done', () => {
    const [[refused], [done]] = [of('failed'), of('ok')];
    expect([refused && wasRefused(refused), done && wasRefused(done)]).toEqual([true, false]);
    expect([factsOf(of('failed')).outside, factsOf(of('ok')).outside]).toEqual([0, 1]);
  });
});

describe('the facts', () => {
  it('count what was done side by side once, and what was done again', () => {
    const found = rows(
      [
        step('a', 0, 1_000, { cost: { micros: 20, currency: 'USD' }, tokens: { input: 3, output: 4 } }),
        step('b', 500, 1_000),
        step('c', 2_000, 100, { status: 'failed' }),
        step('c', 3_000, 100, { attempt: 2 }),
        step('ask', 4_000, 5),
      ],
      [pause('ask', 'member', 4_000, 9_000)],
    );
    expect(factsOf(found)).toEqual({
      workedMs: 1_705,
      waitedForYouMs: 5_000,
      redone: 1,
      outside: 0,
      tokens: 7,
      micros: 20,
    });
  });
});
