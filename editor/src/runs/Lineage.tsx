import { Link } from '@tanstack/react-router';
import { FlaskConical, GitFork, RotateCcw, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Chip } from '../ui/Chip.js';

/** Where a run comes from, what took its place, and whether it only rehearses. */
export function Lineage({ run, titleOf }: { run: RunView; titleOf: (path: string) => string }) {
  const { t } = useTexts();
  const { forkedFrom, replayOf, supersededBy, effects } = run;
  if (!forkedFrom && !replayOf && !supersededBy && effects === 'perform') return null;
  const other = (runId: string, icon: ReactNode, text: string) => (
    <Link
      to="/departments/$departmentId/runs/$runId"
      params={{ departmentId: run.departmentId, runId }}
      className="inline-flex min-h-11 items-center gap-1.5 font-medium text-ink-2 underline hover:text-ink desk:min-h-7"
    >
      {icon}
      {text}
    </Link>
  );
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      {effects === 'rehearse' && (
        <Chip tone="box" icon={<FlaskConical size={13} aria-hidden="true" />}>
          {t('runs.lineage.rehearsal')}
        </Chip>
      )}
      {forkedFrom &&
        other(
          forkedFrom.runId,
          <GitFork size={14} aria-hidden="true" />,
          t('runs.lineage.fork', { title: titleOf(forkedFrom.path) }),
        )}
      {replayOf && other(replayOf, <RotateCcw size={14} aria-hidden="true" />, t('runs.lineage.replay'))}
      {supersededBy && other(supersededBy, <Undo2 size={14} aria-hidden="true" />, t('runs.lineage.superseded'))}
    </div>
  );
}
