import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/api.js';
import type { DepartmentView, ReplayBody, RunView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Sheet.js';
import { BranchChoices, type Branch } from './BranchChoices.js';
import { useBranch } from './useBranch.js';

/** The same input once more, from the start, as a run of its own. */
export function ReplaySheet({
  run,
  department,
  onClose,
}: {
  run: RunView;
  department: DepartmentView | null;
  onClose: () => void;
}) {
  const { t } = useTexts();
  const [branch, setBranch] = useState<Branch>({ version: undefined, effects: 'rehearse' });
  const begin = useBranch((body: ReplayBody) => api.replayRun(run.id, body));
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('runs.replay.title')}
      description={t('runs.replay.lead')}
      actions={
        <Button
          wide
          icon={<RotateCcw size={16} aria-hidden="true" />}
          loading={begin.isPending}
          onClick={() => begin.mutate(branch)}
        >
          {t('runs.replay.submit')}
        </Button>
      }
    >
      <div className="grid gap-4 pt-1">
        <BranchChoices run={run} department={department} value={branch} onChange={setBranch} />
      </div>
    </Sheet>
  );
}
