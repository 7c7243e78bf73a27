// A large department seen as a whole: what every step and edge would cost as an element of its own, and nobody can see at that size.
import { startTransition, useCallback, useEffect, useMemo, useState } from 'react';
import { useStore as useZustand } from 'zustand';
import { afterPaint, whenIdle } from '../editor/whenIdle.js';
import type { Detail } from './detail.js';
import type { AnyNode, CanvasEdge } from './drawing.js';
import { RestingHand } from './restingHand.js';
import type { MapItem } from './StepMap.js';
import type { Places, PlacesStore } from './usePlaces.js';

/** Fewer are elements of their own, however small they are drawn. */
const many = 120;
/** Steps that come with the first paint, and with each that follows: drawn in one go, no more than a few frames can take. */
const atFirst = 60;
const atATime = 100;
/** Milliseconds in which whoever waited for the first paint may begin, before the others come. */
const breath = 120;

/**
 * Steps as they come to stand on the canvas: some with the first paint, the others a few at a time while nothing else is to do. None comes while
 * somebody drags, pans, zooms or types, who would be held up by it. Those that are selected come at once, however they were chosen: what is
 * looked at, moved or read out is there. Once all have come, all are there. `bringAll` waits for nothing.
 */
export function useArriving(nodes: AnyNode[]): { readonly arrived: AnyNode[]; readonly bringAll: () => void } {
  const [count, setCount] = useState(() => (nodes.length > many ? atFirst : Infinity));
  const [hand] = useState(() => new RestingHand());
  const [chosen] = useState(() => new Set<string>());
  const complete = count >= nodes.length;
  useEffect(() => (complete ? undefined : hand.watch()), [hand, complete]);
  useEffect(() => {
    if (count === Infinity) return;
    const more = (): void =>
      startTransition(() => setCount((before) => (before >= nodes.length ? Infinity : before + atATime)));
    // Idle first: a hand that moved meanwhile is asked last.
    let stop = afterPaint(() => {
      const timer = setTimeout(
        () => (stop = whenIdle(() => (stop = hand.whenResting(more)))),
        count === atFirst ? breath : 0,
      );
      stop = () => clearTimeout(timer);
    });
    return () => stop();
  }, [count, hand, nodes.length]);
  const arrived = useMemo(() => {
    if (complete) return nodes;
    for (const { id, selected } of nodes) if (selected) chosen.add(id);
    return arrivedOf(nodes, count, chosen);
  }, [nodes, complete, count, chosen]);
  const bringAll = useCallback(() => setCount(Infinity), []);
  return { arrived, bringAll };
}

/** The first so many, those among the chosen, and what is around them: React Flow draws nothing in a loop that it does not know. */
export function arrivedOf(nodes: AnyNode[], count: number, chosen: ReadonlySet<string>): AnyNode[] {
  if (chosen.size === 0) return nodes.slice(0, count);
  const parents = new Map(nodes.map(({ id, parentId }) => [id, parentId]));
  const early = new Set<string>();
  for (const each of chosen)
    for (let id: string | undefined = each; id !== undefined && !early.has(id); id = parents.get(id)) early.add(id);
  return nodes.filter(({ id }, index) => index < count || early.has(id));
}

const nothingComes: readonly MapItem[] = [];

/** Steps that are not among those on the canvas yet. */
export function useComing(map: readonly MapItem[], all: readonly AnyNode[], arrived: readonly AnyNode[]) {
  return useMemo((): readonly MapItem[] => {
    if (arrived.length === all.length) return nothingComes;
    const there = new Set(arrived.map(({ id }) => id));
    return map.filter(({ id }) => !there.has(id));
  }, [map, all, arrived]);
}

interface Split {
  /** Elements of their own: selected, or with an end in somebody's hand. */
  readonly own: CanvasEdge[];
  /** Drawn together; see `RestingEdges`. */
  readonly resting: readonly CanvasEdge[];
}

const noEdges: readonly CanvasEdge[] = [];

/** Edges that are drawn one by one, and those that are drawn together because they are many and small. */
export function useRestingEdges(
  edges: CanvasEdge[],
  nodes: readonly AnyNode[],
  detail: Detail,
  theirs: Places,
  mine: PlacesStore,
): Split {
  const together = detail === 'tiny' && edges.length > many;
  // By name: which steps are in hand changes at the beginning and the end of a drag, where they are with every frame.
  const myIds = useZustand(mine, (places) => (together ? [...places.keys()].join('\n') : ''));
  const theirIds = together ? [...theirs.keys()].join('\n') : '';
  return useMemo((): Split => {
    if (!together) return { own: edges, resting: noEdges };
    const inHand = new Set(`${myIds}\n${theirIds}`.split('\n'));
    // What stands in a loop goes along with it; a loop stands before what is in it.
    for (const { id, parentId } of nodes) if (parentId !== undefined && inHand.has(parentId)) inHand.add(id);
    const [own, resting]: [CanvasEdge[], CanvasEdge[]] = [[], []];
    for (const edge of edges)
      (edge.selected || inHand.has(edge.source) || inHand.has(edge.target) ? own : resting).push(edge);
    return { own, resting };
  }, [together, edges, nodes, myIds, theirIds]);
}
