import { useQueryClient } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { RunStatus } from '#engine/graph/statuses.js';
import { keys } from './keys.js';
import { mayReadOtherwise } from './queryClient.js';
import type { LiveEvent, MessagesPage, RunsPage } from './types.js';
import { useLiveEvents } from './useLiveEvents.js';
import { withMessage } from './withMessage.js';

/** Runs that change within this are asked for together, milliseconds. */
const SOON_MS = 300;

/** Keeps cached answers true while the app is open: live events replace what they carry and make stale what they touch. */
export function useLiveCache(): void {
  const cache = useQueryClient();
  const stale = (queryKey: readonly (string | number)[]): void => void cache.invalidateQueries({ queryKey });

  const runsChanged = useSoon(() => stale(keys.runs));

  const apply = (event: LiveEvent): void => {
    switch (event.type) {
      case 'message': {
        const { message } = event;
        cache.setQueryData<InfiniteData<MessagesPage>>(
          keys.messages(message.conversationId),
          (data) => data && withMessage(data, { ...message, changedAt: null }),
        );
        // A reading of the thread that began before this message would put an older one in its place.
        // When it was changed is on record only.
        if (message.changed || cache.isFetching({ queryKey: keys.messages(message.conversationId) }) > 0)
          stale(keys.messages(message.conversationId));
        stale(keys.conversations);
        stale(keys.overview);
        return;
      }
      case 'conversation':
        stale(keys.conversations);
        stale(keys.overview);
        return;
      case 'run': {
        const { id, status } = event.run;
        // What is on the screen says it at once; the rest is asked for once for many.
        cache.setQueriesData<InfiniteData<RunsPage>>({ queryKey: keys.runs }, (data) => withStatus(data, id, status));
        runsChanged();
        return;
      }
      case 'department':
        stale(keys.departments);
        // What has not begun waits for its department, or does so no longer.
        runsChanged();
        return;
      case 'alert':
      case 'pruned':
        runsChanged();
        return;
      case 'step':
      case 'token':
    }
  };

  useLiveEvents(apply, () => void cache.invalidateQueries({ predicate: mayReadOtherwise }));
}

/** Calls once for everything that happens within a moment: a busy team starts hundreds of runs a second. */
function useSoon(call: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useEffectEvent(call);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  const [soon] = useState(() => (run: () => void) => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      run();
    }, SOON_MS);
  });
  return () => soon(latest);
}

/** A run of a list that has come to another status; lists of other shapes, such as one run, are left as they are. */
function withStatus(
  data: InfiniteData<RunsPage> | undefined,
  id: string,
  status: RunStatus,
): InfiniteData<RunsPage> | undefined {
  if (!data || !Array.isArray(data.pages)) return data;
  if (!data.pages.some((page) => page.items.some((run) => run.id === id && run.status !== status))) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.map((run) => (run.id === id ? { ...run, status } : run)),
  }));
  return { ...data, pages };
}
