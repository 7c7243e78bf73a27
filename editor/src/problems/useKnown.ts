import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Known } from '#engine/graph/rules/rule.js';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

/** What the organization has that steps may name, as far as it has been read: nothing is said of the rest. `enabled`: it may be asked for. */
export function useKnown(enabled: boolean): Known {
  const connections = useQuery({ queryKey: keys.connections, queryFn: api.connections, enabled }).data;
  const sources = useQuery({ queryKey: keys.allSources, queryFn: api.allSources, enabled }).data;
  const models = useQuery({ queryKey: keys.models, queryFn: api.models, enabled }).data;
  return useMemo(
    () => ({
      ...(connections && { connections: connections.items }),
      ...(sources && { sources: sources.items.map(({ id }) => id) }),
      ...(models && { models: models.items.map(({ id }) => id) }),
    }),
    [connections, sources, models],
  );
}
