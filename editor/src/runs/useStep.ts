import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { toldWhileShown } from '../api/queryClient.js';
import type { StepView } from '../api/types.js';

/** A try of a step with what went in and out: as it was seen happen, else as it is on record. */
export function useStep(
  runId: string,
  at: { readonly path: string; readonly attempt: number } | null,
  live: ReadonlyMap<string, StepView>,
) {
  const seen = at && live.get(`${at.attempt} ${at.path}`);
  const done = seen !== undefined && seen !== null && seen.status !== 'running' && seen.status !== 'waiting';
  const recorded = useQuery({
    ...toldWhileShown,
    queryKey: keys.step(runId, at?.path ?? '', at?.attempt ?? 0),
    queryFn: () => api.runStep(runId, { path: at?.path ?? '', attempt: at?.attempt ?? 1 }),
    enabled: at !== null && !done,
  });
  return {
    step: done ? seen : (recorded.data ?? seen ?? null),
    isPending: at !== null && !done && recorded.isPending && !seen,
    error: recorded.error,
  };
}
