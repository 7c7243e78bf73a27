import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { MessageView, SimulatorMessage } from '../api/types.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import type { Persona } from './personas.js';
import type { simulatorChannel } from './simulatorChannel.js';

/** A message on its way: shown at once, replaced by the stored one. */
export interface PendingMessage {
  readonly key: string;
  readonly text: string;
  readonly body: SimulatorMessage;
  readonly failed: boolean;
  readonly messageId: string | null;
}

interface SimulationSettings {
  readonly channel: ReturnType<typeof simulatorChannel>;
  readonly persona: Persona;
  /** How the channel knows this customer. */
  readonly from: string;
  /** Known from before a reload. */
  readonly conversationId: string | null;
  readonly onConversation: (conversationId: string) => void;
  /** Awaited before anything is said. */
  readonly before?: () => Promise<void>;
}

/** One rehearsed conversation: what was said, and how to say more. */
export function useSimulation({ channel, persona, from, conversationId, onConversation, before }: SimulationSettings) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [pending, setPending] = useState<readonly PendingMessage[]>([]);
  const [arrived, setArrived] = useState<ReadonlyMap<string, MessageView>>(new Map());

  // An answer may be quicker than the first reading of the thread, which then lacks it.
  useLiveEvents((event) => {
    if (event.type === 'message')
      setArrived((all) => new Map(all).set(event.message.id, { ...event.message, changedAt: null }));
  });

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
    // One after the other, as they were said.
    scope: { id: from },
    mutationFn: async ({ body }: { key: string; body: SimulatorMessage }) => {
      const [{ id }] = await Promise.all([cache.ensureQueryData(channel), before?.()]);
      return api.simulate(id, body);
    },
    onSuccess: (accepted, { key }) => {
      onConversation(accepted.conversation.id);
      patch(key, { messageId: accepted.message.id });
      void cache.invalidateQueries({ queryKey: keys.messages(accepted.conversation.id) });
    },
    onError: (_, { key }) => patch(key, { failed: true }),
  });

  const messages = merged(thread.data?.pages.flatMap((page) => page.items) ?? [], arrived, conversationId);
  const stored = new Set(messages.map((message) => message.id));
  return {
    conversationId,
    messages,
    pending: pending.filter((each) => !(each.messageId && stored.has(each.messageId))),
    handler: conversation.data?.handler ?? 'team',
    say(text: string, buttonId?: string): void {
      const body = { from, name: t(`simulator.names.${persona}`), text, ...(buttonId && { buttonId }) };
      const key = crypto.randomUUID();
      setPending((all) => [...all, { key, text, body, failed: false, messageId: null }]);
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

/** Oldest first. What was read from the server, which live events keep true, and what arrived meanwhile. */
function merged(
  read: readonly MessageView[],
  arrived: ReadonlyMap<string, MessageView>,
  conversationId: string | null,
): MessageView[] {
  const known = new Set(read.map((message) => message.id));
  const late = [...arrived.values()].filter(
    (message) => message.conversationId === conversationId && !known.has(message.id),
  );
  return [...read.toReversed(), ...late].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
}
