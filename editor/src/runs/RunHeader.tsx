import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunView } from '../api/types.js';
import { formatDuration, formatMicros, formatMoment } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Notice } from '../ui/Notice.js';
import { classes } from '../ui/classes.js';
import { HeldUpNotice } from './HeldUpNotice.js';
import { Lineage } from './Lineage.js';
import { RunFailureNotice } from './RunFailureNotice.js';
import { RunStatusChip } from './RunStatusChip.js';
import type { TimelineFacts } from './timeline/facts.js';

interface RunHeaderProps {
  readonly run: RunView;
  readonly title: string;
  readonly facts: TimelineFacts;
  /** Somebody of the house must answer, or say what became of something. */
  readonly yours: boolean;
  /** The version that answers now. */
  readonly liveVersion: number | null;
  /** What its department is called; `null` when it was let go. */
  readonly team: string | null;
  /** What a step at a path is called. */
  readonly titleOf: (path: string) => string;
  readonly children?: ReactNode;
}

/** What a run was about, how it went, and what it came to. */
export function RunHeader({ run, title, facts, yours, liveVersion, team, titleOf, children }: RunHeaderProps) {
  const { t, locale } = useTexts();
  const told: readonly (readonly [name: string, value: string | null, tone?: string])[] = [
    run.startedAt
      ? [t('runs.facts.began'), formatMoment(locale, run.startedAt)]
      : [t('runs.facts.came'), formatMoment(locale, run.createdAt)],
    [t('runs.facts.worked'), formatDuration(locale, facts.workedMs)],
    [
      t('runs.facts.you'),
      facts.waitedForYouMs > 0 ? formatDuration(locale, facts.waitedForYouMs) : null,
      'text-sol-text',
    ],
    [t('runs.facts.redone'), facts.redone > 0 ? t('runs.facts.redoneValue', { count: facts.redone }) : null],
    [t('runs.facts.outside'), facts.outside > 0 ? t('runs.facts.outsideValue', { count: facts.outside }) : null],
    [t('runs.facts.cost'), formatMicros(locale, facts.micros)],
    [
      t('runs.facts.version'),
      run.version === null
        ? t('runs.draft')
        : t(run.version === liveVersion ? 'runs.facts.live' : 'runs.facts.old', { version: run.version }),
    ],
  ];
  return (
    <section className="flex-none px-4 pt-3 pb-4 desk:px-6 desk:pt-4 desk:pb-[18px]">
      <Link
        to="/departments/$departmentId/runs"
        params={{ departmentId: run.departmentId }}
        className="-ml-2 inline-flex min-h-11 items-center gap-1 rounded-sm px-1.5 text-sm text-ink-2 hover:text-ink desk:min-h-7"
      >
        <ChevronLeft size={16} aria-hidden="true" />
        {t('runs.title')}
        <span className="ml-1.5 font-mono text-xs text-ink-2">{run.id.slice(0, 13)}</span>
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="line-clamp-3 min-w-0 text-xl break-words desk:line-clamp-2 desk:text-2xl">{title}</h1>
        <RunStatusChip status={run.status} yours={yours} />
      </div>
      <Lineage run={run} titleOf={titleOf} />
      <RunFailureNotice run={run} titleOf={titleOf} />
      <HeldUpNotice key={run.heldUp?.reason} run={run} team={team} />
      {run.prunedAt && (
        <div className="mt-3 max-w-[70ch]">
          <Notice>{t('runs.pruned.run', { time: formatMoment(locale, run.prunedAt) })}</Notice>
        </div>
      )}
      {team === null && (
        <div className="mt-3 max-w-[70ch]">
          <Notice>{t('runs.dismissed')}</Notice>
        </div>
      )}
      <dl
        aria-label={t('runs.facts.label')}
        className="num mt-3 grid grid-cols-2 gap-x-4 gap-y-2 desk:mt-3.5 desk:flex desk:gap-0"
      >
        {told
          .filter(([, value]) => value !== null)
          .map(([name, value, tone], index) => (
            <div
              key={name}
              className={classes('desk:px-[18px]', index === 0 ? 'desk:pl-0' : 'desk:border-l desk:border-line')}
            >
              <dt className="text-xs leading-4 text-ink-2">{name}</dt>
              <dd className={classes('font-semibold desk:whitespace-nowrap', tone)}>{value}</dd>
            </div>
          ))}
      </dl>
      {children}
    </section>
  );
}
