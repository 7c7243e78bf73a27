import type { InfiniteData } from '@tanstack/react-query';
import type { MessagesPage } from './types.js';

/** Pages are newest first: a known message is replaced where it is, a new one goes to the front of the first page. */
export function withMessage(
  data: InfiniteData<MessagesPage>,
  message: MessagesPage['items'][number],
): InfiniteData<MessagesPage> {
  const known = data.pages.flatMap(({ items }) => items).find(({ id }) => id === message.id);
  // The channel may report before whoever sent it has said so.
  if (known && message.status === 'sent' && known.status !== 'queued' && known.status !== 'uncertain') return data;
  const pages = data.pages.map((page, index) => {
    if (known) return { ...page, items: page.items.map((item) => (item.id === message.id ? message : item)) };
    return index === 0 ? { ...page, items: [message, ...page.items] } : page;
  });
  return { ...data, pages };
}
