// A large department seen as a whole: what every step and edge would cost as an element of its own, and nobody can see at that size.
import { startTransition, useEffect, useMemo, useState } from 'react';
import { useStore as useZustand } from 'zustand';
import { afterPaint, whenIdle } from '../editor/whenIdle.js';
import type { Detail } from './detail.js';
import type { AnyNode, CanvasEdge } from './drawing.js';
import type { MapItem } from './StepMap.js';
import type { Places, PlacesStore } from './usePlaces.js';

/** Fewer are elements of their own, however small they are drawn. */
const many = 120;
/** Steps that come with the first paint, and how many times as many stand there after the next. */
const atFirst = 60;
const growth = 3;
/** Milliseconds in which whoever waited for the first paint may begin, before the others come. */
const breath = 120;

/**
 * Steps as they come to stand on the canvas: some with the first paint, the others with a few frames more once nothing else is to do, so that a key
 * is answered before them and what one drags next is not held up for long. Once all have come, all are there.
 */
export function useArriving(nodes: AnyNode[]): AnyNode[] {
  const [count, setCount] = useState(() => (nodes.length > many ? atFirst : Infinity));
  const complete = count >= nodes.length;
  useEffect(() => {
    if (count === Infinity) return;
    const more = (): void => startTransition(() => setCount(complete ? Infinity : count * growth));
    if (count !== atFirst) return afterPaint(more);
    let stop = afterPaint(() => {
      const timer = setTimeout(() => (stop = whenIdle(more)), breath);
      stop = () => clearTimeout(timer);
    });
    return () => stop();
  }, [count, complete]);
  return useMemo(() => (complete ? nodes : nodes.slice(0, count)), [nodes, complete, count]);
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
