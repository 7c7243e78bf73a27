import { createContext, useContext, useMemo, type ReactNode } from 'react';
import type { Detail } from './detail.js';
import { largeLabels } from './largeLabels.js';
import type { Plan, RouteEdge } from './layout.js';
import type { Point } from './routes.js';

const context = createContext<ReadonlyMap<string, Point> | null>(null);

interface EdgeNamesProps {
  readonly plan: Plan;
  readonly edges: readonly Pick<RouteEdge, 'id' | 'data'>[];
  readonly detail: Detail;
  readonly children: ReactNode;
}

/** Where edges below write their names at this size: seen small they are larger, and need other places. */
export function EdgeNames({ plan, edges, detail, children }: EdgeNamesProps) {
  const places = useMemo(
    () =>
      detail === 'compact'
        ? largeLabels(
            plan,
            edges.flatMap(({ id, data }) => (data?.label && data.labelAt ? [{ id, label: data.label }] : [])),
          )
        : null,
    [plan, edges, detail],
  );
  return <context.Provider value={places}>{children}</context.Provider>;
}

/** The middle of an edge's name; `null` where there is no room for it. */
export function useNameAt(edgeId: string, labelAt: Point | null): Point | null {
  const places = useContext(context);
  return places ? (places.get(edgeId) ?? null) : labelAt;
}
