import { describe, expect, it } from 'vitest';
import { pathOf, route, type Box, type Link, type Point } from './routes.js';

const box = (x: number, y: number): Box => ({ x, y, width: 196, height: 54 });
const link = (from: string, port: string, to: string, label: string | null = port): Link => ({
  id: `${from}.${port}-${to}`,
  from,
  port,
  to,
  label,
});
const lines = (points: readonly Point[]): [Point, Point][] =>
  points.slice(1).map((point, index) => [points[index] as Point, point]);
const through = ([a, b]: [Point, Point], { x, y, width, height }: Box): boolean =>
  Math.max(a.x, b.x) > x && Math.min(a.x, b.x) < x + width && Math.max(a.y, b.y) > y && Math.min(a.y, b.y) < y + height;

/** A fork whose right branch lies behind another step. */
const boxes = new Map([
  ['start', box(250, 0)],
  ['left', box(0, 140)],
  ['below', box(250, 140)],
  ['right', box(500, 140)],
  ['end', box(250, 280)],
  ['far', box(500, 280)],
]);
const links = [
  link('start', 'a', 'left'),
  link('start', 'b', 'below'),
  link('start', 'c', 'right'),
  link('start', 'd', 'far'),
  link('below', 'out', 'end', null),
];
const { routes, ports } = route(boxes, links);
const pointsOf = (id: string): readonly Point[] => routes.get(id)?.points ?? [];

describe('routes', () => {
  it('run at right angles from the bottom of one step to the top of the other', () => {
    for (const { id, from, to } of links) {
      const points = pointsOf(id);
      expect(points.at(0)?.y).toBe((boxes.get(from)?.y ?? 0) + 54);
      expect(points.at(-1)).toEqual({ x: (boxes.get(to)?.x ?? 0) + 98, y: boxes.get(to)?.y });
      expect(lines(points).every(([a, b]) => a.x === b.x || a.y === b.y)).toBe(true);
    }
  });

  it('go through no step', () => {
    for (const { id } of links)
      for (const each of boxes.values()) expect(lines(pointsOf(id)).some((line) => through(line, each))).toBe(false);
  });

  it('leave in the order of where they go, so that they do not cross at once', () => {
    const order = ['a', 'b', 'c', 'd'].toSorted(
      (x, y) => (ports.get(`start.${x}`) ?? 0) - (ports.get(`start.${y}`) ?? 0),
    );
    expect(order.indexOf('a')).toBe(0);
    expect(order.indexOf('b')).toBe(1);
  });

  it('keep their names apart', () => {
    const labels = [...routes.values()].flatMap(({ label }) => (label ? [label] : []));
    expect(labels).toHaveLength(4);
    labels.forEach((a, index) =>
      labels.slice(index + 1).forEach((b) => expect(Math.abs(a.x - b.x) > 16 || Math.abs(a.y - b.y) >= 15).toBe(true)),
    );
  });

  it('go past every step to one that stands higher or beside, and take no room from the names of the others', () => {
    const around = new Map([
      ['from', box(300, 300)],
      ['beside', box(0, 300)],
      ['above', box(300, 0)],
      ['between', box(300, 150)],
      ['next', box(300, 430)],
      ['last', box(600, 430)],
    ]);
    const ways = [
      link('from', 'de novo', 'above'),
      link('from', 'ao lado', 'beside'),
      link('from', 'segue', 'next'),
      link('from', 'se der erro', 'last'),
      link('from', 'não achou', 'last'),
      link('beside', 'out', 'between', null),
    ];
    const laid = route(around, ways);
    for (const { id } of ways)
      for (const each of around.values())
        expect(lines(laid.routes.get(id)?.points ?? []).some((line) => through(line, each))).toBe(false);
    const names = [...laid.routes.values()].flatMap(({ label }) => (label ? [label] : []));
    names.forEach((a, index) =>
      names.slice(index + 1).forEach((b) => expect(Math.abs(a.x - b.x) > 16 || Math.abs(a.y - b.y) >= 15).toBe(true)),
    );
  });

  it('leave out what leads nowhere', () => {
    expect(route(boxes, [link('start', 'a', 'nobody')]).routes.size).toBe(0);
  });
});

describe('a path', () => {
  it('rounds its corners by no more than they have room for', () => {
    expect(
      pathOf([
        { x: 0, y: 0 },
        { x: 0, y: 10 },
        { x: 40, y: 10 },
        { x: 40, y: 60 },
      ]),
    ).toBe('M0 0 L0 5 Q0 10 5 10 L31 10 Q40 10 40 19 L40 58');
  });
});

it('looks at what is near an edge, not at every step for every edge', () => {
  const looks = (steps: number): number => {
    let count = 0;
    const boxes = new Map(
      Array.from({ length: steps }, (_, index): [string, Box] => [
        `s${index}`,
        {
          x: (index % 40) * 220,
          get y() {
            count += 1;
            return Math.floor(index / 40) * 110;
          },
          width: 196,
          height: 54,
        },
      ]),
    );
    const links = Array.from({ length: steps - 1 }, (_, index) => ({
      id: `e${index}`,
      from: `s${index}`,
      port: 'out',
      to: `s${index + 1}`,
      label: null,
    }));
    expect(route(boxes, links).routes.size).toBe(steps - 1);
    return count;
  };
  // Twice the steps, about twice the work.
  expect(looks(2_000)).toBeLessThan(2.5 * looks(1_000));
});
