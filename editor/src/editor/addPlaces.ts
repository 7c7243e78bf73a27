import type { EdgeDefinition } from '#engine/graph/definition.js';
import type { EditorSession } from './session.js';

/** One of the places behind a step: on the way to a step that follows, or beside those as a further branch of a way. */
export interface PlaceBehind {
  readonly port: string;
  /** The edge that it goes into; `null`: a branch of its own. */
  readonly edge: EdgeDefinition | null;
}

/** Every place behind a step, or behind one of its ways out, in the order of its ways. What leads nowhere yet has one place. */
export function placesBehind({ store, kinds }: EditorSession, after: string, port?: string): readonly PlaceBehind[] {
  const node = store.getNode(after);
  if (!node) return [];
  const leaving = store.getEdges().filter(({ from }) => from.node === after);
  const ports = new Set([...(kinds.waysOut(node) ?? []), ...leaving.map(({ from }) => from.port)]);
  return [...ports]
    .filter((each) => port === undefined || each === port)
    .flatMap((each) => [
      ...leaving.filter(({ from }) => from.port === each).map((edge) => ({ port: each, edge })),
      { port: each, edge: null },
    ]);
}

/** Where a step goes when nobody says where: the first way that leads nowhere, else before what follows first. */
export const usualPlace = (places: readonly PlaceBehind[]): number => {
  const led = new Set(places.flatMap(({ port, edge }) => (edge ? [port] : [])));
  const free = places.findIndex(({ port }) => !led.has(port));
  return free >= 0
    ? free
    : Math.max(
        0,
        places.findIndex(({ edge }) => edge !== null),
      );
};
