import { centre, type Box } from './box.js';

/** Between a box and an edge that goes around it; the least that is kept from one. */
const beside = 18;
const kept = 6;

/** Above and below the boxes that an edge to higher up passes: room for its turns. */
const turn = 20;

/** The nearest straight way down to the target that no other box stands in; up to one that is higher, past the two as well. */
export function passage(source: Box, target: Box, rows: Rows): number {
  const bottom = source.y + source.height;
  const between =
    target.y < bottom
      ? rows.between(target.y - turn, bottom + turn)
      : rows.between(bottom, target.y).filter((box) => box !== source && box !== target);
  const goal = centre(target);
  const walls = wallsOf(between.toSorted((a, b) => a.x - b.x));
  if (isClear(goal, walls)) return goal;
  const detour = (x: number): number => Math.abs(x - centre(source)) + Math.abs(x - goal);
  let [best, least] = [goal, Infinity];
  for (const box of between)
    for (const x of [box.x + box.width + beside, box.x - beside])
      if (detour(x) < least && isClear(x, walls)) [best, least] = [x, detour(x)];
  return best;
}

/** From left to right: what cannot be passed. */
type Wall = { readonly from: number; to: number };

/** Boxes, from left to right, with what is kept from them; what touches is one wall. */
function wallsOf(boxes: readonly Box[]): Wall[] {
  const walls: Wall[] = [];
  for (const { x, width } of boxes) {
    const last = walls.at(-1);
    if (last && x - kept <= last.to) last.to = Math.max(last.to, x + width + kept);
    else walls.push({ from: x - kept, to: x + width + kept });
  }
  return walls;
}

function isClear(x: number, walls: readonly Wall[]): boolean {
  let [low, high] = [0, walls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((walls[middle]?.to ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return x < (walls[low]?.from ?? Infinity);
}

/** Boxes by height, so that an edge looks at what is between its ends and not at a thousand steps. */
export class Rows {
  readonly #boxes: readonly Box[];
  /** Of each row, where the boxes that reach into it are in the list. */
  readonly #rows = new Map<number, number[]>();
  readonly #height: number;

  constructor(boxes: readonly Box[]) {
    let [top, bottom] = [0, 0];
    for (const { y, height } of boxes) [top, bottom] = [Math.min(top, y), Math.max(bottom, y + height)];
    // However far apart boxes stand, there are few rows to look at.
    this.#height = Math.max(128, (bottom - top) / 512);
    this.#boxes = boxes;
    for (const [index, box] of boxes.entries())
      for (let row = this.#at(box.y); row <= this.#at(box.y + box.height); row += 1) {
        const there = this.#rows.get(row);
        if (there) there.push(index);
        else this.#rows.set(row, [index]);
      }
  }

  /** Boxes that reach below `top` and begin above `bottom`, in the order in which they were given. */
  between(top: number, bottom: number): Box[] {
    const found = new Set<number>();
    const last = this.#at(Math.max(top, bottom));
    for (let row = this.#at(Math.min(top, bottom)); row <= last; row += 1)
      for (const index of this.#rows.get(row) ?? []) found.add(index);
    return [...found]
      .sort((a, b) => a - b)
      .flatMap((index) => this.#boxes[index] ?? [])
      .filter((box) => box.y < bottom && box.y + box.height > top);
  }

  #at(y: number): number {
    return Math.floor(y / this.#height);
  }
}
