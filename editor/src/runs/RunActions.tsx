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

interface RunActionsProps {
  readonly run: RunView;
  /** What it had done was undone: there is nothing to go on from. */
  readonly undone: boolean;
  /** Its department was let go. */
  readonly dismissed: boolean;
  readonly onReplay: () => void;
}

/** Stops a run that is under way, takes one up again that failed, repeats one that is over. Whoever may only look is told so instead. */
export function RunActions({ run, undone, dismissed, onReplay }: RunActionsProps) {
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
  const kept = run.prunedAt === null;
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
      {isFinal(run.status) && kept && (
        <Button icon={<RefreshCw size={15} aria-hidden="true" />} onClick={onReplay}>
          {t('runs.replay.open')}
        </Button>
      )}
      {canRetry(run.status) && kept && !run.supersededBy && !undone && !dismissed && (
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
