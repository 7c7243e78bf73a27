import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';

/** The newest hundred conversations, kept fresh by live events. */
export function useConversations() {
  return useQuery({
    queryKey: keys.conversations,
    queryFn: () => api.conversations({ limit: 100 }),
    select: (page) => page.items,
  });
}
