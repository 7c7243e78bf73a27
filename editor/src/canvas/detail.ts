import { createContext, useContext } from 'react';

/** How much a step says at this zoom: all of it, its name, or its kind by colour and silhouette alone. */
export type Detail = 'full' | 'compact' | 'tiny';

/** The detail of a zoom, where 1 is life-size. */
export const detailAt = (zoom: number): Detail => (zoom >= 0.62 ? 'full' : zoom >= 0.35 ? 'compact' : 'tiny');

const context = createContext<Detail>('full');
export const DetailProvider = context.Provider;

/** What a step draws of itself: what cannot be seen at this zoom is not there, or a thousand steps are twenty thousand elements. */
export const useDetail = (): Detail => useContext(context);

const edgeInHand = createContext(false);
export const EdgeInHandProvider = edgeInHand.Provider;

/** Whether an edge is being drawn: then every port it may end at must be there. */
export const useEdgeInHand = (): boolean => useContext(edgeInHand);
