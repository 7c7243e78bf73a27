import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useLiveEvents } from '../api/useLiveEvents.js';
import { useTexts } from '../i18n/useTexts.js';
import { toast } from '../ui/Toast.js';

/** What people say to each other about a department; told live. */
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
  const list = useQuery({ queryKey, queryFn: () => api.comments(departmentId) });
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
  const threads = useMemo(() => list.data?.items ?? [], [list.data]);
  /** How many open threads each step has. */
  const counts = useMemo(() => {
    const byNode = new Map<string, number>();
    for (const { nodeId, resolvedAt } of threads)
      if (nodeId && !resolvedAt) byNode.set(nodeId, (byNode.get(nodeId) ?? 0) + 1);
    return byNode;
  }, [threads]);
  const open = threads.filter(({ resolvedAt }) => resolvedAt === null).length;
  return { threads, counts, open, loading: list.isPending, begin, reply, change, remove };
}
