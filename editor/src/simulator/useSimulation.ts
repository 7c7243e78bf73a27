import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { MessageView, SimulatorMessage } from '../api/types.js';
import type { Persona } from './personas.js';

/** A message on its way: shown at once, replaced by the stored one. */
export interface PendingMessage {
  readonly key: string;
  readonly text: string;
  readonly body: SimulatorMessage;
  readonly failed: boolean;
  readonly messageId: string | null;
}

/** One rehearsed conversation: who writes, what was said, and how to say more. */
export function useSimulation(channelId: string | null, persona: Persona, round: number) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const from = `${persona}-${round}`;
  const [conversations, remember] = useState<Readonly<Record<string, string>>>({});
  const [pending, setPending] = useState<readonly (PendingMessage & { from: string })[]>([]);
  const conversationId = conversations[from] ?? null;

  const thread = useInfiniteQuery({
    queryKey: keys.messages(conversationId ?? ''),
    queryFn: ({ pageParam }) =>
      api.messages(conversationId ?? '', { limit: 50, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: conversationId !== null,
  });
  const conversation = useQuery({
    queryKey: keys.conversation(conversationId ?? ''),
    queryFn: () => api.conversation(conversationId ?? ''),
    enabled: conversationId !== null,
  });

  const patch = (key: string, change: Partial<PendingMessage>): void =>
    setPending((all) => all.map((each) => (each.key === key ? { ...each, ...change } : each)));

  const deliver = useMutation({
    mutationFn: ({ body }: { key: string; body: SimulatorMessage }) => api.simulate(channelId ?? '', body),
    onSuccess: (accepted, { key }) => {
      remember((known) => ({ ...known, [from]: accepted.conversation.id }));
      patch(key, { messageId: accepted.message.id });
      void cache.invalidateQueries({ queryKey: keys.messages(accepted.conversation.id) });
    },
    onError: (_, { key }) => patch(key, { failed: true }),
  });

  const messages: MessageView[] = (thread.data?.pages.flatMap((page) => page.items) ?? []).toReversed();
  const stored = new Set(messages.map((message) => message.id));
  return {
    conversationId,
    messages,
    pending: pending.filter((each) => each.from === from && !(each.messageId && stored.has(each.messageId))),
    handler: conversation.data?.handler ?? 'team',
    say(text: string, buttonId?: string): void {
      const body = { from, name: t(`simulator.names.${persona}`), text, ...(buttonId && { buttonId }) };
      const key = crypto.randomUUID();
      setPending((all) => [...all, { key, from, text, body, failed: false, messageId: null }]);
      deliver.mutate({ key, body });
    },
    again(message: PendingMessage): void {
      patch(message.key, { failed: false });
      deliver.mutate({ key: message.key, body: message.body });
    },
    async giveBack(): Promise<void> {
      if (!conversationId) return;
      await api.release(conversationId);
      await cache.invalidateQueries({ queryKey: keys.conversation(conversationId) });
    },
  };
}
