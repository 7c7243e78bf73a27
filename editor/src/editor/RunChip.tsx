import { Link } from '@tanstack/react-router';
import { ExternalLink, Hand, Hourglass, X } from 'lucide-react';
import { isActive, type RunStatus } from '#engine/graph/statuses.js';
import { asksHouse, type LiveRun } from '../canvas/liveRun.js';
import { formatDuration, formatMicros, formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { RunStatusChip } from '../runs/RunStatusChip.js';
import { Chip } from '../ui/Chip.js';
import { useDefinition, useSessionOf } from './session.js';

/** The run that is on the canvas in one line: how it stands, how long, how many tokens, what it cost; and the way back to rest. */
export function RunChip({ run }: { run: LiveRun }) {
  const { t, locale } = useTexts();
  const { ui, department, types } = useSessionOf();
  const definition = useDefinition();
  const asks = asksHouse(definition, types);
  const yours = [...run.steps.values()].some(({ status, nodeId }) => status === 'waiting' && asks(nodeId));
  const steps = [...run.steps.values()].filter(({ status }) => status !== 'skipped');
  const tokens = steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  const micros = steps.reduce((sum, step) => sum + step.cost.micros, 0);
  const worked = steps.reduce((sum, step) => sum + (step.durationMs ?? 0), 0);
  const facts = [
    t('editor.run.steps', { count: steps.length }),
    formatDuration(locale, worked),
    ...(tokens > 0 ? [t('editor.run.tokens', { count: tokens, shown: formatNumber(locale, tokens) })] : []),
    ...(micros > 0 ? [formatMicros(locale, micros)] : []),
  ];
  return (
    <div role="status" className="run-chip">
      {run.status === 'waiting' && yours ? (
        <span className="flex items-center gap-1.5 rounded-sm bg-sol px-2 py-0.5 font-semibold text-sol-ink">
          <Hand size={14} aria-hidden="true" />
          {t('runs.status.waiting')}
        </span>
      ) : run.status === 'waiting' ? (
        <Chip icon={<Hourglass size={13} aria-hidden="true" />}>{t('runs.status.waiting')}</Chip>
      ) : (
        <RunStatusChip status={run.status as RunStatus} />
      )}
      <span className="num text-ink-2">{facts.join(' · ')}</span>
      <Link
        to="/departments/$departmentId/runs/$runId"
        params={{ departmentId: department.id, runId: run.runId }}
        aria-label={t('editor.run.open')}
        title={t('editor.run.open')}
        className="bar-action"
      >
        <ExternalLink size={15} aria-hidden="true" />
      </Link>
      {!isActive(run.status as RunStatus) && (
        <button
          type="button"
          aria-label={t('editor.run.hide')}
          title={t('editor.run.hide')}
          className="bar-action press"
          onClick={() => ui.setState({ runId: null })}
        >
          <X size={15} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
