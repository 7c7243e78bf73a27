import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RefreshCw, RotateCcw, Square } from 'lucide-react';
import { canCancel, canRetry, isFinal } from '#engine/graph/statuses.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { RunView } from '../api/types.js';
import { useMayAct } from '../app/useMayAct.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { toast } from '../ui/Toast.js';

/** Stops a run that is under way, takes one up again that failed, repeats one that is over. Whoever may only look is told so instead. */
export function RunActions({ run, onReplay }: { run: RunView; onReplay: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const mayAct = useMayAct();
  const settings = (said: string) => ({
    onSuccess: () => {
      toast(said);
      void cache.invalidateQueries({ queryKey: keys.runs });
      void cache.invalidateQueries({ queryKey: keys.timeline(run.id) });
    },
    onError: (error: unknown) => toast(explain(error, t), { tone: 'error' as const }),
  });
  const cancel = useMutation({ mutationFn: () => api.cancelRun(run.id), ...settings(t('runs.canceled')) });
  const retry = useMutation({ mutationFn: () => api.retryRun(run.id), ...settings(t('runs.retried')) });
  if (!mayAct) return <p className="text-sm text-ink-2">{t('runs.lookOnly')}</p>;
  return (
    <>
      {canCancel(run.status) && (
        <Button
          variant="danger"
          icon={<Square size={14} aria-hidden="true" />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t('runs.cancel')}
        </Button>
      )}
      {isFinal(run.status) && (
        <Button icon={<RefreshCw size={15} aria-hidden="true" />} onClick={onReplay}>
          {t('runs.replay.open')}
        </Button>
      )}
      {canRetry(run.status) && !run.supersededBy && (
        <Button
          icon={<RotateCcw size={15} aria-hidden="true" />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          {t('runs.retry')}
        </Button>
      )}
    </>
  );
}
