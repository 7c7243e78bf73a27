import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { allPages } from '../api/allPages.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { toldWhileShown } from '../api/queryClient.js';
import type { CommentThread } from '../api/types.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import { useTexts } from '../i18n/useTexts.js';
import { toast } from '../ui/Toast.js';

/** What people say to each other about a department and have not done with; told live. */
export function useComments(departmentId: string) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const queryKey = keys.comments(departmentId);
  const again = (): Promise<void> => cache.invalidateQueries({ queryKey });
  useLiveEvents(
    (event) => {
      if (event.type === 'comment' && event.comment.departmentId === departmentId) void again();
    },
    () => void again(),
  );
  // All of them: a step says how many are open at it.
  const list = useQuery({
    ...toldWhileShown,
    queryKey: [...queryKey, 'open'],
    queryFn: () => allPages((cursor) => api.comments(departmentId, { resolved: 'false', ...(cursor && { cursor }) })),
  });
  const settings = {
    onSuccess: again,
    onError: (error: unknown) => toast(explain(error, t), { tone: 'error' as const }),
  };
  const begin = useMutation({
    mutationFn: (body: { text: string; mentions: string[]; nodeId?: string }) => api.beginComment(departmentId, body),
    ...settings,
  });
  const reply = useMutation({
    mutationFn: ({ id, ...body }: { id: string; text: string; mentions: string[] }) =>
      api.replyComment(departmentId, id, body),
    ...settings,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; text?: string; resolved?: boolean }) =>
      api.changeComment(departmentId, id, body),
    ...settings,
  });
  const remove = useMutation({ mutationFn: (id: string) => api.removeComment(departmentId, id), ...settings });
  const threads = list.data?.items ?? none;
  /** How many threads each step has. */
  const counts = useMemo(() => {
    const byNode = new Map<string, number>();
    for (const { nodeId } of threads) if (nodeId) byNode.set(nodeId, (byNode.get(nodeId) ?? 0) + 1);
    return byNode;
  }, [threads]);
  return { threads, counts, open: threads.length, loading: list.isPending, begin, reply, change, remove };
}

const none: readonly CommentThread[] = [];

/** What was said and done with, of one step or of all, newest first; the older ones when they are asked for. */
export function useResolvedThreads(departmentId: string, nodeId: string | undefined, enabled: boolean) {
  const pages = useInfiniteQuery({
    ...toldWhileShown,
    queryKey: [...keys.comments(departmentId), 'resolved', nodeId ?? ''],
    queryFn: ({ pageParam: cursor }) =>
      api.comments(departmentId, { resolved: 'true', ...(nodeId && { nodeId }), ...(cursor && { cursor }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled,
  });
  const threads = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? none, [pages.data]);
  return {
    threads,
    loading: enabled && pages.isPending,
    older: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    fetching: pages.isFetchingNextPage,
  };
}

const holds = ({ id, replies }: CommentThread, commentId: string): boolean =>
  id === commentId || replies.some((reply) => reply.id === commentId);

/**
 * The thread that a comment stands in, however old. `undefined` while it is looked for, `null` when it is gone.
 * `open`: the threads that are known anyway; not looked at before they are `ready`.
 */
export function useThreadOf(
  departmentId: string,
  commentId: string | null,
  open: readonly CommentThread[],
  ready: boolean,
): CommentThread | null | undefined {
  const known = commentId === null ? undefined : open.find((thread) => holds(thread, commentId));
  const search = useQuery({
    ...toldWhileShown,
    queryKey: [...keys.comments(departmentId), 'of', commentId],
    queryFn: async () => {
      if (commentId === null) return null;
      const isIt = (thread: CommentThread): boolean => holds(thread, commentId);
      const read = (cursor: string | undefined) =>
        api.comments(departmentId, { resolved: 'true', ...(cursor && { cursor }) });
      return (await allPages(read, isIt)).items.find(isIt) ?? null;
    },
    enabled: ready && commentId !== null && !known,
  });
  return commentId === null ? null : (known ?? (ready ? search.data : undefined));
}
