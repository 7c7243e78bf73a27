import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { ConversationView } from '../api/types.js';

/** The newest hundred conversations, kept fresh by live events. */
export function useConversations() {
  return useQuery({
    queryKey: keys.conversations,
    queryFn: () => api.conversations({ limit: 100 }),
    select: (page) => page.items,
  });
}

/** It is a person's turn: the team handed it over and nobody closed it. */
export const isYourTurn = ({ handler, status }: ConversationView): boolean => handler === 'person' && status === 'open';
