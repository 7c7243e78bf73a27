import type { InfiniteData } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { MessagesPage } from './types.js';
import { withMessage } from './withMessage.js';

type Message = MessagesPage['items'][number];
const of = (status: Message['status'], id = 'a'): Message => ({ id, status }) as Message;
const thread = (...items: Message[]): InfiniteData<MessagesPage> => ({
  pages: [{ items, nextCursor: null }],
  pageParams: [''],
});
const after = (before: Message['status'], ...events: Message['status'][]): string[] =>
  events
    .reduce((data, status) => withMessage(data, of(status)), thread(of('read', 'b'), of(before)))
    .pages.flatMap(({ items }) => items.map(({ status }) => status));

test.each(['failed', 'delivered', 'read'] as const)(
  'that a message is %s is not taken back by whoever sent it saying so late',
  (reported) => {
    expect(after('queued', reported, 'sent')).toEqual(['read', reported]);
  },
);

test.each([
  ['queued', ['sent']],
  ['uncertain', ['sent']],
  ['sent', ['failed']],
  // Tried again.
  ['failed', ['queued', 'sent']],
  ['sent', ['delivered', 'read']],
] as const)('a message that is %s becomes %j', (before, events) => {
  expect(after(before, ...events)).toEqual(['read', events.at(-1)]);
});
