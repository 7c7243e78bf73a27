import { useQueryClient } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import { keys } from './keys.js';
import type { LiveEvent, MessagesPage } from './types.js';
import { useLiveEvents } from './useLiveEvents.js';

/** Keeps cached answers true while the app is open: live events replace what they carry and make stale what they touch. */
export function useLiveCache(): void {
  const cache = useQueryClient();
  const stale = (queryKey: readonly (string | number)[]): void => void cache.invalidateQueries({ queryKey });

  const apply = (event: LiveEvent): void => {
    switch (event.type) {
      case 'message': {
        const { message } = event;
        cache.setQueryData<InfiniteData<MessagesPage>>(
          keys.messages(message.conversationId),
          (data) => data && withMessage(data, message),
        );
        // A reading of the thread that began before this message would put an older one in its place.
        if (cache.isFetching({ queryKey: keys.messages(message.conversationId) }) > 0)
          stale(keys.messages(message.conversationId));
        stale(keys.conversations);
        stale(keys.overview);
        return;
      }
      case 'conversation':
        stale(keys.conversations);
        stale(keys.overview);
        return;
      case 'run':
        stale(keys.runs);
        return;
      case 'department':
        stale(keys.departments);
        return;
      case 'step':
      case 'token':
      case 'alert':
    }
  };

  useLiveEvents(apply, () => void cache.invalidateQueries());
}

/** Pages are newest first: a known message is replaced where it is, a new one goes to the front of the first page. */
export function withMessage(
  data: InfiniteData<MessagesPage>,
  message: MessagesPage['items'][number],
): InfiniteData<MessagesPage> {
  const known = data.pages.some((page) => page.items.some(({ id }) => id === message.id));
  const pages = data.pages.map((page, index) => {
    if (known) return { ...page, items: page.items.map((item) => (item.id === message.id ? message : item)) };
    return index === 0 ? { ...page, items: [message, ...page.items] } : page;
  });
  return { ...data, pages };
}
