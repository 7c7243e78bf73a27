import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { RunView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { toast } from '../../ui/Toast.js';

/** Begins a run that another one gave rise to, and goes there, unless `onBegun` knows where it is shown. */
export function useBranch<Body>(
  begin: (body: Body) => Promise<{ readonly run: RunView }>,
  onBegun?: (runId: string) => void,
) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: begin,
    onSuccess: ({ run }) => {
      toast(t(run.effects === 'rehearse' ? 'runs.branch.rehearsing' : 'runs.branch.performing'));
      void cache.invalidateQueries({ queryKey: keys.runs });
      if (onBegun) return onBegun(run.id);
      void navigate({
        to: '/departments/$departmentId/runs/$runId',
        params: { departmentId: run.departmentId, runId: run.id },
      });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
}
