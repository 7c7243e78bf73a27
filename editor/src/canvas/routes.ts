// Where edges run: top-down, at right angles, each name beside its own way out. Nothing here knows React.
import { groupBy } from '#engine/graph/group.js';
import { centre, type Box, type Point } from './box.js';
import { passage, Rows } from './passage.js';

export type { Box, Point } from './box.js';

/** From the bottom of one box to the top of another. */
export interface Link {
  readonly id: string;
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly label: string | null;
}
export interface Route {
  readonly points: readonly Point[];
  /** Middle of the name. */
  readonly label: Point | null;
}
export interface Routing {
  readonly routes: ReadonlyMap<string, Route>;
  /** Where each way out stands, from the left edge of its box: `<node>.<port>`. */
  readonly ports: ReadonlyMap<string, number>;
}

/** Between the bottom of a box and its first lane, from lane to lane, above an arrow. */
const space = { first: 17, lane: 18, above: 20, port: 28, pair: 34, inset: 10 } as const;

/** About as wide as the canvas writes it: 11 px, medium. */
const labelWidth = (label: string): number => label.length * 5.7 + 10;

/** One way out on its way down. */
interface Way {
  readonly link: Link;
  readonly source: Box;
  readonly target: Box;
  /** Where it goes down: above its target, or beside what stands in between. */
  readonly down: number;
  readonly side: 'left' | 'near' | 'right';
}

/** Routes of all links between boxes of one level. A link whose ends are not there is left out. */
export function route(boxes: ReadonlyMap<string, Box>, links: readonly Link[]): Routing {
  const rows = new Rows([...boxes.values()]);
  const ways = links.flatMap((link) => {
    const source = boxes.get(link.from);
    const target = boxes.get(link.to);
    return source && target ? [wayOf(link, source, target, rows)] : [];
  });
  const ports = new Map<string, number>();
  const routes = new Map<string, Route>();
  for (const [source, own] of groupBy(ways, (way) => way.link.from)) {
    const places = placePorts(own);
    for (const [port, x] of places) ports.set(`${source}.${port}`, x);
    for (const [id, laid] of lay(own, places)) routes.set(id, laid);
  }
  return { routes, ports };
}

function wayOf(link: Link, source: Box, target: Box, rows: Rows): Way {
  const down = passage(source, target, rows);
  const off = down - centre(source);
  const below = Math.abs(off) < source.width / 2 - space.inset && Math.abs(down - centre(target)) < 1;
  const side = below ? 'near' : off < 0 ? 'left' : 'right';
  return { link, source, target, down, side };
}

/** Ways straight down from the middle, the others to their side of it, so that none crosses another at once. */
function placePorts(ways: readonly Way[]): Map<string, number> {
  const bySide = (side: Way['side']): string[] => [
    ...new Set(
      ways
        .filter((way) => way.side === side)
        .sort((a, b) => a.down - b.down || b.target.y - a.target.y)
        .map((way) => way.link.port),
    ),
  ];
  const near = bySide('near');
  const taken = new Set(near);
  const left = bySide('left').filter((port) => !taken.has(port));
  for (const port of left) taken.add(port);
  const right = bySide('right').filter((port) => !taken.has(port));
  const width = ways[0]?.source.width ?? 0;
  const gap = Math.min(space.port, (width - 20) / (near.length + left.length + right.length + 1));
  const half = near.length > 0 ? ((near.length - 1) * space.pair) / 2 + gap + 6 : gap / 2;
  const places = new Map<string, number>();
  const put = (port: string, off: number): void =>
    void places.set(port, Math.max(space.inset, Math.min(width - space.inset, width / 2 + off)));
  near.forEach((port, index) => put(port, (index - (near.length - 1) / 2) * space.pair));
  left.toReversed().forEach((port, index) => put(port, -half - index * gap));
  right.forEach((port, index) => put(port, half + index * gap));
  return places;
}

/** Lanes: who leaves furthest out turns first, so that the ways to one side never cross. */
function lay(ways: readonly Way[], ports: ReadonlyMap<string, number>): Map<string, Route> {
  const startOf = (way: Way): number => way.source.x + (ports.get(way.link.port) ?? way.source.width / 2);
  const left = ways.filter((way) => way.side === 'left').sort((a, b) => startOf(a) - startOf(b) || a.down - b.down);
  const right = ways.filter((way) => way.side === 'right').sort((a, b) => startOf(b) - startOf(a) || b.down - a.down);
  const near = ways.filter((way) => way.side === 'near');
  const lanes = Math.max(left.length, right.length, 1);
  // What goes up takes no room from what goes down.
  const drops = ways.map((way) => way.target.y - way.source.y - way.source.height).filter((drop) => drop > 0);
  const room = Math.min(...drops) - space.inset;
  const step = Math.max(4, Math.min(space.lane, (room - space.first) / lanes));
  const nearest = {
    left: Math.max(...left.map(startOf), -Infinity),
    right: Math.min(...right.map(startOf), Infinity),
  };
  const laid = new Map<string, Route>();
  for (const side of [left, right]) {
    side.forEach((way, lane) => laid.set(way.link.id, aside(way, startOf(way), space.first + lane * step)));
  }
  for (const way of near) laid.set(way.link.id, straight(way, startOf(way), nearest, lanes * step));
  return laid;
}

/** Out along its lane, down, and over to the target where it had to go around something. */
function aside({ link, source, target, down }: Way, start: number, drop: number): Route {
  const bottom = source.y + source.height;
  const lane = bottom + drop;
  const goal = centre(target);
  const width = link.label ? labelWidth(link.label) : 0;
  const towards = Math.sign(down - start);
  const fits = Math.abs(down - start) > width + 18;
  return {
    points: [
      { x: start, y: bottom },
      { x: start, y: lane },
      { x: down, y: lane },
      ...(Math.abs(down - goal) > 1
        ? [
            { x: down, y: target.y - space.above },
            { x: goal, y: target.y - space.above },
          ]
        : []),
      { x: goal, y: target.y },
    ],
    label: link.label ? (fits ? { x: start + towards * (11 + width / 2), y: lane } : { x: down, y: lane + 15 }) : null,
  };
}

/** Straight down, or nearly: its name on it where there is room, else beside it and below the lanes. */
function straight(
  { link, source, target, down }: Way,
  start: number,
  nearest: { left: number; right: number },
  below: number,
): Route {
  const bottom = source.y + source.height;
  const even = Math.abs(start - down) < 3;
  const width = link.label ? labelWidth(link.label) : 0;
  const half = width / 2;
  const fits = even && start - half > nearest.left + 4 && start + half < nearest.right - 4;
  const label = {
    x: even ? start : start < down ? start - 4 - half : start + 4 + half,
    y: bottom + space.first + (fits ? 4 : below),
  };
  const jog = Math.min(label.y + 12, target.y - space.above);
  return {
    points: even
      ? [
          { x: start, y: bottom },
          { x: start, y: target.y },
        ]
      : [
          { x: start, y: bottom },
          { x: start, y: jog },
          { x: down, y: jog },
          { x: down, y: target.y },
        ],
    label: link.label ? label : null,
  };
}

/** The points as an SVG path whose corners are rounded, ending just short of the last so that the arrow touches it. */
export function pathOf(points: readonly Point[], radius = 9): string {
  const last = points.at(-1);
  if (!last || !points[0]) return '';
  const ends = points.map((point, index) => (index === points.length - 1 ? { x: point.x, y: point.y - 2 } : point));
  const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  const along = (from: Point, to: Point, by: number): Point => ({
    x: from.x + Math.sign(to.x - from.x) * by,
    y: from.y + Math.sign(to.y - from.y) * by,
  });
  let path = `M${points[0].x} ${points[0].y}`;
  ends.forEach((corner, index) => {
    const before = ends[index - 1];
    const after = ends[index + 1];
    if (!before) return;
    if (!after) return void (path += ` L${corner.x} ${corner.y}`);
    const by = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const into = along(corner, before, by);
    const out = along(corner, after, by);
    path += ` L${into.x} ${into.y} Q${corner.x} ${corner.y} ${out.x} ${out.y}`;
  });
  return path;
}
