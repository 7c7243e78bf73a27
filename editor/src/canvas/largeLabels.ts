// Names of ways out when a department is seen small: written larger, so there is not room for each where it stands at full size.
import { nodeSize } from './boxes.js';
import type { Box, Point } from './box.js';
import type { Plan } from './layout.js';

/** In px of the canvas, as `canvas.css` writes them. */
const height = 26;
const widthOf = (label: string): number => label.length * 9.9 + 12;
/** What remains to be seen of a way above and below its name. */
const seen = 12;
/** Beside a line, and from whatever is not the name's own. */
const apart = 3;

type Line = readonly [Point, Point];
interface Named {
  readonly id: string;
  readonly label: string;
}

/**
 * Where each name fits: at its own way, where it covers no step, no other name and no other way. A name without such a place is not there.
 * What leaves by the same way out may lie under its name: the name is its own too.
 */
export function largeLabels(
  { boxes, containers, routing }: Pick<Plan, 'boxes' | 'containers' | 'routing'>,
  named: readonly Named[],
): ReadonlyMap<string, Point> {
  const taken = new Taken();
  for (const [id, box] of boxes) for (const part of containers.has(id) ? frameOf(box) : [box]) taken.add(part);
  for (const { points } of routing.routes.values())
    for (const line of linesOf(points)) taken.add(around(line), wayOut(points));
  const places = new Map<string, Point>();
  for (const { id, label } of named) {
    const points = routing.routes.get(id)?.points ?? [];
    const width = widthOf(label);
    const place = placesFor(points, width).find((at) => taken.isFree(boxAt(at, width), wayOut(points)));
    if (!place) continue;
    places.set(id, place);
    taken.add(boxAt(place, width));
  }
  return places;
}

/** Over the branch, as a sign hangs over a street; else on the way there, on the way down, or beside where it leaves: further on others run along. */
function placesFor(points: readonly Point[], width: number): Point[] {
  const lines = linesOf(points);
  const flat = lines.filter(([a, b]) => a.y === b.y);
  const onTheWayDown = (line: Line): Point[] => {
    const [{ x, y: top }, { y: bottom }] = line;
    if (line[1].x !== x || Math.abs(bottom - top) < height + seen) return [];
    return [
      { x, y: (top + bottom) / 2 },
      { x, y: Math.max(top, bottom) - seen - height / 2 },
    ];
  };
  const aside = width / 2 + apart + 2;
  return [
    ...flat.slice(0, 1).map(([, corner]) => corner),
    ...flat.filter(([a, b]) => Math.abs(a.x - b.x) > width + seen).map(([a, b]) => ({ x: (a.x + b.x) / 2, y: a.y })),
    ...lines.flatMap(onTheWayDown),
    ...lines
      .slice(0, 1)
      .flatMap(onTheWayDown)
      .flatMap(({ x, y }) => [
        { x: x - aside, y },
        { x: x + aside, y },
      ]),
  ];
}

const linesOf = (points: readonly Point[]): Line[] =>
  points.slice(1).map((point, index): Line => [points[index] ?? point, point]);
const wayOut = (points: readonly Point[]): string => `${points[0]?.x} ${points[0]?.y}`;
const boxAt = ({ x, y }: Point, width: number): Box => ({ x: x - width / 2, y: y - height / 2, width, height });
const around = ([a, b]: Line): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

/** What of a loop is drawn: its head and its sides; names of ways in it stand inside. */
function frameOf({ x, y, width, height: tall }: Box): Box[] {
  return [
    { x, y, width, height: nodeSize.header },
    { x, y, width: 1, height: tall },
    { x: x + width, y, width: 1, height: tall },
    { x, y: y + tall, width, height: 1 },
  ];
}

/** What stands where, by squares, so that a name looks at what is near it and not at a thousand steps. */
class Taken {
  readonly #squares = new Map<string, { box: Box; owner: string | null }[]>();

  add(box: Box, owner: string | null = null): void {
    for (const square of squaresOf(box)) {
      const there = this.#squares.get(square);
      if (there) there.push({ box, owner });
      else this.#squares.set(square, [{ box, owner }]);
    }
  }

  isFree(box: Box, owner: string): boolean {
    for (const square of squaresOf(box))
      for (const other of this.#squares.get(square) ?? [])
        if (other.owner !== owner && touch(box, other.box)) return false;
    return true;
  }
}

const square = 256;

function* squaresOf({ x, y, width, height: tall }: Box): Generator<string> {
  const of = (value: number): number => Math.floor(value / square);
  for (let row = of(y - apart); row <= of(y + tall + apart); row += 1)
    for (let column = of(x - apart); column <= of(x + width + apart); column += 1) yield `${column} ${row}`;
}

const touch = (a: Box, b: Box): boolean =>
  a.x - apart < b.x + b.width &&
  b.x < a.x + a.width + apart &&
  a.y - apart < b.y + b.height &&
  b.y < a.y + a.height + apart;
