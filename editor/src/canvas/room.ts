import type { Definition, PublicNode } from '../api/types.js';
import { groupBy } from '#engine/graph/group.js';
import { boxesOf, nodeSize, opensInPlace } from './boxes.js';
import type { Box, Point } from './routes.js';

/** In px of the canvas: between steps that stand beside each other, below a step that is put in between, and how near what follows may come to it. */
const gap = { beside: 24, below: 64, least: 40 } as const;
/** Two steps nearer than this stand in each other's way. */
const near = 8;
/** How far a free place is looked for, in steps of so many px. */
const search = { step: 32, rings: 60 } as const;
/** Many steps look for a place as the one box around them. */
const block = 12;

type Types = ReadonlyMap<string, PublicNode>;
type Node = Definition['nodes'][number];
type Way = 'right' | 'down';

/**
 * Where steps go so that what was put in stands on nothing, and nothing on it. Together, those of a level that were not there `before` go to the
 * nearest free place; with `between` they came in the midst of others, and what follows them moves down instead, with whatever that would land on.
 * A loop that grew pushes what is beside it. Locked steps stay. What overlapped `before` is let be. Returns places as the document has them, from
 * the corner of what is around; only of those that move.
 */
export function roomFor(before: Definition, after: Definition, types: Types, between = false): Map<string, Point> {
  const was = new Map(before.nodes.map((node) => [node.id, node.parentId ?? null]));
  const fresh = after.nodes.filter(({ id, parentId }) => was.get(id) !== (parentId ?? null));
  const room = new Room(before, after, types);
  for (const [parentId, level] of groupBy(fresh, (node) => node.parentId)) {
    // All that stands in what is new itself is new: it brings its places along.
    if (parentId !== undefined && !was.has(parentId)) continue;
    room.settle(
      level.map(({ id }) => id),
      parentId,
      between,
    );
  }
  return room.moved;
}

class Room {
  readonly moved = new Map<string, Point>();
  readonly #was: ReadonlyMap<string, Box>;
  readonly #levelWas: ReadonlyMap<string, string | undefined>;
  readonly #nodes: Map<string, Node>;
  #boxes: Map<string, Box>;
  readonly #levels: ReadonlyMap<string | undefined, readonly Node[]>;

  constructor(
    before: Definition,
    private readonly after: Definition,
    private readonly types: Types,
  ) {
    this.#was = boxesOf(before, types);
    this.#levelWas = new Map(before.nodes.map(({ id, parentId }) => [id, parentId]));
    this.#nodes = new Map(after.nodes.map((node) => [node.id, node]));
    this.#boxes = new Map(boxesOf(after, types));
    this.#levels = groupBy(after.nodes, (node) => node.parentId);
  }

  settle(ids: readonly string[], parentId: string | undefined, between: boolean): void {
    const fresh = new Set(ids);
    const follow = between ? this.#following(ids) : new Set<string>();
    // They go together or not at all.
    if (!ids.some((id) => this.#nodes.get(id)?.locked)) this.#toFreePlace(fresh, parentId, follow);
    this.#clear(ids, between ? fresh : new Set());
    // Around it: a loop is as large as what is in it.
    let around = parentId;
    for (let depth = 0; around !== undefined && depth < 20; depth += 1) {
      const node = this.#nodes.get(around);
      if (!node || !opensInPlace(this.types.get(node.type))) return;
      this.#boxes = new Map(boxesOf({ ...this.after, nodes: [...this.#nodes.values()] }, this.types));
      this.#clear([around], new Set());
      around = node.parentId;
    }
  }

  #box(id: string): Box {
    return this.#boxes.get(id) ?? { x: 0, y: 0, ...nodeSize };
  }

  #move(id: string, by: Point): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    const position = { x: Math.round(node.position.x + by.x), y: Math.round(node.position.y + by.y) };
    const [x, y] = [position.x - node.position.x, position.y - node.position.y];
    this.#nodes.set(id, { ...node, position });
    this.moved.set(id, position);
    this.#shift(id, { x, y });
  }

  /** With all that is in it. How large what is around it has become is worked out when its level is settled. */
  #shift(id: string, by: Point, depth = 0): void {
    const box = this.#box(id);
    this.#boxes.set(id, { ...box, x: box.x + by.x, y: box.y + by.y });
    if (depth < 20) for (const node of this.#levels.get(id) ?? []) this.#shift(node.id, by, depth + 1);
  }

  /** What comes after these steps on their level, whatever the way. */
  #following(ids: readonly string[]): Set<string> {
    const next = groupBy(this.after.edges, ({ from }) => from.node);
    const found = new Set<string>();
    const ahead = [...ids];
    for (let id = ahead.pop(); id !== undefined; id = ahead.pop())
      for (const { to } of next.get(id) ?? []) {
        if (found.has(to.node)) continue;
        found.add(to.node);
        ahead.push(to.node);
      }
    return found;
  }

  #toFreePlace(fresh: ReadonlySet<string>, parentId: string | undefined, follow: ReadonlySet<string>): void {
    const mine = [...fresh].map((id) => this.#box(id));
    // What follows moves out of the way; what is locked does not.
    const taken = (this.#levels.get(parentId) ?? [])
      .filter(({ id, locked }) => !fresh.has(id) && (!follow.has(id) || locked === true))
      .map(({ id }) => this.#box(id));
    const parent = parentId === undefined ? undefined : this.#nodes.get(parentId);
    const inLoop = parent !== undefined && opensInPlace(this.types.get(parent.type));
    const corner = inLoop ? this.#box(parent.id) : null;
    const least = corner && { x: corner.x + nodeSize.pad, y: corner.y + nodeSize.header + nodeSize.pad };
    const by = freeOffset(mine, taken, least);
    if (by.x !== 0 || by.y !== 0) for (const id of fresh) this.#move(id, by);
  }

  /** Pushes away what these stand on, and what that stands on then. What follows one of `spacious` keeps some distance. */
  #clear(ids: readonly string[], spacious: ReadonlySet<string>): void {
    const queue = [...ids];
    const pushed = new Set(ids);
    const next = groupBy(this.after.edges, ({ from }) => from.node);
    // Everything moves down or to the right: it comes to an end. The limit is for those who draw what nobody can see through.
    for (let turns = 0; queue.length > 0 && turns < 20_000; turns += 1) {
      const id = queue.shift();
      const node = id === undefined ? undefined : this.#nodes.get(id);
      if (id === undefined || !node) continue;
      if (spacious.size > 0 && pushed.has(id))
        for (const { to } of next.get(id) ?? []) {
          const { y, height } = this.#box(id);
          const other = this.#nodes.get(to.node);
          const box = this.#box(to.node);
          if (!other || other.locked || other.parentId !== node.parentId || pushed.has(to.node)) continue;
          if (box.y >= y + height + gap.least) continue;
          this.#move(to.node, { x: 0, y: y + height + gap.below - box.y });
          pushed.add(to.node);
          queue.push(to.node);
        }
      for (const other of this.#levels.get(node.parentId) ?? []) {
        if (other.id === id || !overlap(this.#box(id), this.#box(other.id), near)) continue;
        if (this.#overlapped(id, other.id)) continue;
        const [mover, still] = this.#whoMoves(node, other, ids);
        if (!mover || !still) continue;
        this.#pushPast(mover, still);
        queue.push(mover, id);
      }
    }
  }

  /** Which of the two goes on, and past which: what is locked stays, and what was put in where it was wanted. */
  #whoMoves(node: Node, other: Node, first: readonly string[]): readonly [string | null, string | null] {
    if (!other.locked && !first.includes(other.id)) return [other.id, node.id];
    if (!node.locked) return [node.id, other.id];
    return other.locked ? [null, null] : [other.id, node.id];
  }

  #pushPast(mover: string, still: string): void {
    const [a, b] = [this.#box(still), this.#box(mover)];
    const right = this.#wayOf(mover, still) === 'right';
    this.#move(
      mover,
      right ? { x: a.x + a.width + gap.beside - b.x, y: 0 } : { x: 0, y: a.y + a.height + gap.beside - b.y },
    );
  }

  /** What stood wholly to the right of the other goes on to the right, anything else down. */
  #wayOf(mover: string, still: string): Way {
    const [a, b] = [this.#was.get(still), this.#was.get(mover)];
    return a && b && b.x >= a.x + a.width ? 'right' : 'down';
  }

  #overlapped(one: string, other: string): boolean {
    const [a, b] = [this.#was.get(one), this.#was.get(other)];
    const level = this.#levelWas.get(one);
    return a !== undefined && b !== undefined && level === this.#levelWas.get(other) && overlap(a, b, 0);
  }
}

const overlap = (a: Box, b: Box, margin: number): boolean =>
  a.x < b.x + b.width + margin &&
  b.x < a.x + a.width + margin &&
  a.y < b.y + b.height + margin &&
  b.y < a.y + a.height + margin;

export function around(boxes: readonly Box[]): Box {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The nearest place for something new that stands on nothing. */
export function freePlace(box: Box, taken: readonly Box[]): Point {
  const by = freeOffset([box], taken, null);
  return { x: box.x + by.x, y: box.y + by.y };
}

/** By how much boxes move together so that none stands on what is there: the least that was found, to the right first; below everything when nowhere near is free. */
function freeOffset(boxes: readonly Box[], taken: readonly Box[], least: Point | null): Point {
  if (boxes.length === 0) return { x: 0, y: 0 };
  const whole = around(boxes);
  const parts = boxes.length > block ? [whole] : boxes;
  const inside = (by: Point): boolean => !least || (whole.x + by.x >= least.x && whole.y + by.y >= least.y);
  const free = (by: Point): boolean =>
    inside(by) &&
    parts.every((part) => {
      const moved = { ...part, x: part.x + by.x, y: part.y + by.y };
      return !taken.some((box) => overlap(moved, box, 2 * near));
    });
  const start = least ? { x: Math.max(0, least.x - whole.x), y: Math.max(0, least.y - whole.y) } : { x: 0, y: 0 };
  if (free(start)) return start;
  for (let ring = 1; ring <= search.rings; ring += 1) {
    const found = ringOf(ring)
      .map(({ x, y }) => ({ x: start.x + x * search.step, y: start.y + y * search.step }))
      .find(free);
    if (found) return found;
  }
  const bottom = Math.max(...taken.map((box) => box.y + box.height));
  return { x: start.x, y: Math.max(start.y, bottom + gap.beside - whole.y) };
}

/** Places so far from the middle in one direction and no farther in the other, the nearest first. */
function ringOf(far: number): Point[] {
  const places: Point[] = [];
  for (let side = 0; side <= far; side += 1)
    for (const by of side === 0 ? [0] : [side, -side])
      places.push({ x: far, y: by }, { x: by, y: far }, { x: -far, y: by }, { x: by, y: -far });
  return places;
}
