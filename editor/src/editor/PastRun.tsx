import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ExternalLink } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useTexts } from '../i18n/useTexts.js';
import { RunStatusChip } from '../runs/RunStatusChip.js';
import { useDesktop } from '../runs/useDesktop.js';
import { useOpenRun, type OpenRun } from '../runs/useOpenRun.js';
import { useRunParts } from '../runs/useRunParts.js';
import { Notice } from '../ui/Notice.js';
import { Skeleton } from '../ui/Skeleton.js';
import { PastRunList } from './PastRunList.js';
import { useSessionOf, useUi } from './session.js';

/** In the place of the draft: a run on the department as it was when it began, beside the runs before and after it. */
export function PastRun() {
  const { t } = useTexts();
  const { ui, department } = useSessionOf();
  const past = useUi((state) => state.past);
  const desktop = useDesktop();
  const newest = useQuery({
    queryKey: [...keys.runs, 'newest-of', department.id, 'id'],
    queryFn: async () => (await api.runs({ departmentId: department.id, limit: 1 })).items[0]?.id ?? null,
    enabled: past === 'newest',
  });
  const runId = past === 'newest' ? (newest.data ?? null) : past;
  const close = (): void => ui.setState({ past: null });
  return (
    <section aria-label={t('inPlace.past.title')} className="past-room">
      {desktop && (
        <nav aria-label={t('inPlace.past.list')} className="past-list">
          <BackToDraft onClick={close} />
          <PastRunList chosen={runId} onChoose={(id) => ui.setState({ past: id })} />
        </nav>
      )}
      {!desktop && (
        <div className="flex-none border-b border-line bg-surface px-2 py-1">
          <BackToDraft onClick={close} />
        </div>
      )}
      {runId ? (
        <PastRunStage key={runId} runId={runId} />
      ) : newest.isPending ? (
        <Skeleton className="m-4 h-60" />
      ) : (
        <p className="p-6 text-ink-2">{newest.error ? explain(newest.error, t) : t('inPlace.past.none')}</p>
      )}
    </section>
  );
}

function BackToDraft({ onClick }: { onClick: () => void }) {
  const { t } = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  // Whoever came by a key goes on from here.
  useEffect(() => button.current?.focus({ preventScroll: true }), []);
  return (
    <button ref={button} type="button" className="past-back press" onClick={onClick}>
      <ArrowLeft size={16} aria-hidden="true" />
      {t('inPlace.past.back')}
    </button>
  );
}

function PastRunStage({ runId }: { runId: string }) {
  const { t } = useTexts();
  const { run, failure } = useOpenRun(runId);
  if (failure)
    return (
      <div className="p-4">
        <Notice tone="danger">{explain(failure, t)}</Notice>
      </div>
    );
  return run ? <Stage run={run} /> : <Skeleton className="m-4 h-60" />;
}

function Stage({ run }: { run: OpenRun }) {
  const { t } = useTexts();
  const { department, nodeTypes, ui } = useSessionOf();
  const desktop = useDesktop();
  const [chosen, onChoose] = useState<string | null>(null);
  const { title, inspector, canvas, sheets } = useRunParts(run, {
    department,
    nodeTypes,
    chosen,
    onChoose,
    onForked: (id) => ui.setState({ past: id }),
  });
  const { id: runId, status, awaitsMember } = run.record.run;
  return (
    <>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="past-head" role="status">
          <RunStatusChip status={status} yours={awaitsMember} />
          <span className="min-w-0 flex-1 truncate font-semibold">{title}</span>
          <span className="num flex-none text-ink-2">
            {run.version ? t('inPlace.past.version', { version: run.version }) : t('inPlace.past.draft')}
          </span>
          <Link
            to="/departments/$departmentId/runs/$runId"
            params={{ departmentId: department.id, runId }}
            aria-label={t('editor.run.open')}
            title={t('editor.run.open')}
            className="bar-action"
          >
            <ExternalLink size={15} aria-hidden="true" />
          </Link>
        </div>
        <div className="min-h-0 flex-1">{canvas}</div>
      </div>
      {desktop && inspector && (
        <aside aria-label={t('simulator.step.tabs')} tabIndex={0} className="editor-side overflow-y-auto">
          {inspector}
        </aside>
      )}
      {sheets}
    </>
  );
}
