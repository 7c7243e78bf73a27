import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { useSession } from '../api/session.js';

/** The organization: its name at once from the session, profile and sandbox when the server has answered. */
export function useOrganization() {
  const session = useSession((state) => state.session);
  const query = useQuery({ queryKey: keys.organization, queryFn: api.organization, staleTime: 60_000 });
  return {
    user: session?.user ?? null,
    name: query.data?.name ?? session?.organization.name ?? '',
    organization: query.data ?? null,
    sandbox: query.data?.sandbox ?? false,
    query,
  };
}
