import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { Definition, RunTimeline } from '../api/types.js';
import { useRunTimeline } from './useRunTimeline.js';

/** A run as it is told now, on the department as it was when it began. */
export interface OpenRun extends Omit<ReturnType<typeof useRunTimeline>, 'record' | 'error' | 'gone'> {
  readonly record: RunTimeline;
  readonly definition: Definition;
  /** Of the department; `null` when a draft ran. */
  readonly version: number | null;
}

interface Opened {
  readonly run: OpenRun | null;
  readonly failure: Error | null;
  /** It was deleted while it was open, by the time limit of the house. */
  readonly gone: boolean;
}

/** Opens a run. Neither `run` nor `failure` while it is on its way. */
export function useOpenRun(runId: string): Opened {
  const { record, error, gone, ...told } = useRunTimeline(runId);
  const pinned = useQuery({
    queryKey: keys.runDefinition(runId),
    queryFn: () => api.runDefinition(runId),
    // What a run began on never changes.
    staleTime: Infinity,
  });
  const { definition, version = null } = pinned.data ?? {};
  return {
    run: record && definition ? { ...told, record, definition, version } : null,
    failure: error ?? pinned.error,
    gone,
  };
}
