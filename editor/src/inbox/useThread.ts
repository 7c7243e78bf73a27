import { useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { ConversationsPage, ConversationView, MessagesPage } from '../api/types.js';
import { withMessage } from '../api/withMessage.js';
import { useTexts } from '../i18n/useTexts.js';
import { toast } from '../ui/Toast.js';

/** Messages of a conversation, oldest first, and what one may do with it. */
export function useThread(conversationId: string) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const fail = (error: unknown): void => toast(explain(error, t), { tone: 'error' });

  const messages = useInfiniteQuery({
    queryKey: keys.messages(conversationId),
    queryFn: ({ pageParam }) => api.messages(conversationId, { limit: 50, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  });

  const replace = (conversation: ConversationView): void => {
    cache.setQueryData<ConversationsPage>(
      keys.conversations,
      (page) =>
        page && { ...page, items: page.items.map((item) => (item.id === conversation.id ? conversation : item)) },
    );
    void cache.invalidateQueries({ queryKey: keys.messages(conversationId) });
  };

  const handler = useMutation({
    mutationFn: (who: 'team' | 'person') =>
      who === 'person' ? api.assign(conversationId) : api.release(conversationId),
    onSuccess: replace,
    onError: fail,
  });
  const close = useMutation({
    mutationFn: () => api.closeConversation(conversationId),
    onSuccess: (conversation) => {
      replace(conversation);
      toast(t('inbox.closedToast'));
    },
    onError: fail,
  });
  const answer = useMutation({
    mutationFn: (text: string) => api.answer(conversationId, text),
    onSuccess: (message) =>
      cache.setQueryData<InfiniteData<MessagesPage>>(
        keys.messages(conversationId),
        (data) => data && withMessage(data, message),
      ),
    onError: fail,
  });

  const items = messages.data?.pages.flatMap((page) => page.items).toReversed();
  return { messages, items, handler, close, answer };
}
