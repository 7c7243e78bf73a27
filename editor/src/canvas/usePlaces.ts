import { useStoreApi } from '@xyflow/react';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Peer } from '../document/presence.js';
import { faceColor } from '../ui/cobogo.js';
import type { AnyNode, Holder } from './drawing.js';
import type { Point } from './routes.js';

/** Where steps are that are in hand, from the corner of what is around them. */
export type Places = ReadonlyMap<string, Point>;
/** Places that change with every frame: nothing hears of them but what draws them. */
export type PlacesStore = StoreApi<Places>;

const nowhere: Places = new Map();
export const createPlaces = (): PlacesStore => createStore(() => nowhere);

/** Nothing is in hand any more. */
export const letGo = (places: PlacesStore): void => places.setState(nowhere, true);

/** Where the others have steps in hand. */
export function usePeersPlaces(peers: readonly Peer[]): Places {
  return useMemo(() => {
    const theirs = peers.flatMap(({ dragging }) => Object.entries(dragging ?? {}));
    return theirs.length === 0 ? nowhere : new Map(theirs);
  }, [peers]);
}

const nobody: ReadonlyMap<string, Holder> = new Map();

/** Who of the others has a step selected, by step. */
export function useHolders(peers: readonly Peer[]): ReadonlyMap<string, Holder> {
  return useMemo(() => {
    if (peers.length === 0) return nobody;
    return new Map(
      peers.flatMap(({ user, selection }) =>
        selection.map((id) => [id, { name: user.name.split(' ')[0] ?? '', color: faceColor(user.id) }] as const),
      ),
    );
  }, [peers]);
}

/** Theirs and mine, and mine where both have the same in hand. */
export const together = (theirs: Places, mine: Places): Places =>
  theirs.size === 0 ? mine : mine.size === 0 ? theirs : new Map([...theirs, ...mine]);

/**
 * Steps where they are in hand. While one drags, they go along in React Flow's own store: only they and their edges are drawn again, not the
 * canvas and everything on it.
 */
export function usePlaced(nodes: AnyNode[], theirs: Places, places: PlacesStore): AnyNode[] {
  const flow = useStoreApi<AnyNode>();
  const latest = useRef({ nodes, theirs });
  useLayoutEffect(() => {
    latest.current = { nodes, theirs };
  });
  useEffect(
    () =>
      places.subscribe((mine) => {
        const { nodes: resting, theirs: others } = latest.current;
        flow.getState().setNodes(placed(resting, together(others, mine)));
      }),
    [flow, places],
  );
  return useMemo(() => placed(nodes, together(theirs, places.getState())), [nodes, theirs, places]);
}

function placed(nodes: AnyNode[], places: Places): AnyNode[] {
  if (places.size === 0) return nodes;
  return nodes.map((node): AnyNode => {
    const position = places.get(node.id);
    return position ? { ...node, position } : node;
  });
}
