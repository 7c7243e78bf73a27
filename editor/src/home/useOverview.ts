import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

const halfHour = 30 * 60_000;

/** The start of the wall: 24 half-hours, the running one included. */
const wallStart = (now: number): string =>
  new Date(Math.floor(now / halfHour) * halfHour - 23 * halfHour).toISOString();

/** The last twelve hours. */
export const useNight = () =>
  useQuery({
    queryKey: [...keys.overview, 'night'],
    queryFn: () => api.overview(wallStart(Date.now())),
    refetchInterval: 60_000,
  });

/** Since midnight where the business is. */
export const useToday = () => useQuery({ queryKey: [...keys.overview, 'today'], queryFn: () => api.overview() });
