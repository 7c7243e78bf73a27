import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

/** How often it is counted again while somebody looks, milliseconds. */
const AGAIN_MS = 10_000;

/** What real runs of a version did at each node in the last hours, counted again by itself. Without a version, of the one that is live. */
export const useTraffic = (departmentId: string, { version, hours }: { version?: number; hours: number }) =>
  useQuery({
    queryKey: [...keys.traffic(departmentId), version ?? 'live', hours],
    queryFn: () => api.traffic(departmentId, { hours, ...(version !== undefined && { version }) }),
    refetchInterval: AGAIN_MS,
    placeholderData: (before) => before,
  });
