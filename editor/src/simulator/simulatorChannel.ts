import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

/** The channel through which a department, or its draft, is written to in rehearsal; opened by the first who asks. */
export const simulatorChannel = (departmentId: string, who: 'draft' | 'live') =>
  queryOptions({
    queryKey: [...keys.channels, 'simulator', departmentId, who],
    queryFn: () => api.openSimulator(departmentId, who === 'draft' ? 'draft' : undefined),
  });
