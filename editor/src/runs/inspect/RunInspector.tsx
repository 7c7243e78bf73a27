import { GitFork, Pin } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { isActive, isFinal } from '#engine/graph/statuses.js';
import { api } from '../../api/api.js';
import { explain } from '../../api/explain.js';
import type { Definition, RunTimeline, StepView } from '../../api/types.js';
import { formatClock, formatDuration } from '../../i18n/format.js';
import { useMayAct } from '../../app/useMayAct.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Chip, type ChipTone } from '../../ui/Chip.js';
import { Notice } from '../../ui/Notice.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { Tabs } from '../../ui/Tabs.js';
import { toast } from '../../ui/Toast.js';
import { PayloadTree, truncation } from '../PayloadTree.js';
import { stepReference } from '../reference.js';
import { StepFailure } from '../StepFailure.js';
import { KindTile } from '../timeline/KindTile.js';
import type { NodeFacts } from '../timeline/nodesOf.js';
import { wasRefused, type TimelineRow } from '../timeline/rows.js';
import { isYourTurn } from '../timeline/watchedRow.js';
import { useRowTexts } from '../timeline/useRowTexts.js';
import { useStep } from '../useStep.js';
import { AnswerCard } from './AnswerCard.js';
import { inputReference } from './inputReference.js';
import { Outside } from './Outside.js';
import { StepLog } from './StepLog.js';

interface RunInspectorProps {
  readonly record: RunTimeline;
  readonly row: TimelineRow;
  readonly rows: readonly TimelineRow[];
  readonly factsOf: (nodeId: string) => NodeFacts;
  readonly definition: Definition;
  readonly team: string;
  readonly live: ReadonlyMap<string, StepView>;
  readonly writing: ReadonlyMap<string, string>;
  /** Begins a fork at this step. */
  readonly onFork: (step: StepView) => void;
  /** In a sheet, which already says its name. */
  readonly bare?: boolean;
}

/** One step of a run from the inside: what it did outside, what it received and returned, how its tries went. */
export function RunInspector(props: RunInspectorProps) {
  const { record, row, rows, factsOf, definition, team, live, writing, onFork, bare = false } = props;
  const { t, locale } = useTexts();
  const { nameOf } = useRowTexts();
  const facts = factsOf(row.nodeId);
  const last = row.tries.at(-1) ?? null;
  const { step, isPending, error } = useStep(record.run.id, last, live);
  const mayAct = useMayAct();
  const [tab, setTab] = useState<string | null>(null);
  const acts = row.effects.length > 0 || (facts.type?.effects.length ?? 0) > 0;
  const [loading, setLoading] = useState(false);
  const wholeOutput = async (of: StepView): Promise<StepView['output']> =>
    (await api.runStep(record.run.id, { path: of.path, attempt: of.attempt, whole: 'output' }))?.output ?? null;
  /** What is changed by hand must be all of it. */
  const fork = async (from: StepView): Promise<void> => {
    if (!truncation(from.output)) return onFork(from);
    setLoading(true);
    try {
      onFork({ ...from, output: await wholeOutput(from) });
    } catch (reason) {
      toast(explain(reason, t), { tone: 'error' });
    }
    setLoading(false);
  };
  const pruned = record.run.prunedAt !== null;
  const text = row.status === 'running' ? writing.get(row.path) : undefined;
  const output: ReactNode = pruned ? (
    <Nothing>{t('runs.pruned.step')}</Nothing>
  ) : text ? (
    <PayloadTree value={{ text }} />
  ) : isPending ? (
    <Skeleton className="m-3.5 h-24" />
  ) : step && (step.output !== null || step.status === 'succeeded') ? (
    <PayloadTree value={step.output} reference={stepReference(row.nodeId)} onWhole={() => wholeOutput(step)} />
  ) : (
    <Nothing>{t('simulator.step.noOutput')}</Nothing>
  );
  const input: ReactNode = pruned ? (
    <Nothing>{t('runs.pruned.step')}</Nothing>
  ) : isPending ? (
    <Skeleton className="m-3.5 h-24" />
  ) : step && step.input !== null ? (
    <PayloadTree value={step.input} reference={inputReference(row, rows, definition, factsOf)} />
  ) : (
    <Nothing>{t('simulator.step.noInput')}</Nothing>
  );
  return (
    <div className="flex min-h-full flex-col">
      <header className="flex items-center gap-2.5 px-3.5 pt-3.5 pb-2.5">
        <KindTile facts={facts} team={team} size={34} working={row.status === 'running'} />
        <div className="min-w-0 flex-1">
          {!bare && <h2 className="truncate text-lg leading-[1.3rem] tracking-[-.01em]">{nameOf(row, facts)}</h2>}
          <p className="num text-xs leading-[15px] text-ink-2">
            {formatClock(locale, row.from)} · {formatDuration(locale, row.to - row.from)}
          </p>
        </div>
        <StatusChip row={row} />
      </header>
      {error && (
        <div className="px-3.5 pb-2">
          <Notice tone="danger">{explain(error, t)}</Notice>
        </div>
      )}
      {last?.error && row.status === 'failed' && (
        <div className="mx-3.5 mb-2">
          <StepFailure error={last.error} />
        </div>
      )}
      {record.run.pinned.includes(row.nodeId) && (
        <p className="mx-3.5 mb-2 flex items-center gap-2 rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
          <Pin size={13} aria-hidden="true" />
          {t('inPlace.pinned')}
        </p>
      )}
      {row.pause && row.pause.answeredAt === null && row.status === 'waiting' && (
        <AnswerCard key={row.path} runId={record.run.id} pause={row.pause} />
      )}
      <Tabs
        label={t('simulator.step.tabs')}
        value={tab ?? (acts ? 'outside' : 'output')}
        onChange={setTab}
        items={[
          ...(acts
            ? [
                {
                  value: 'outside',
                  label: t('runs.timeline.outside'),
                  content: (
                    <Outside
                      runId={record.run.id}
                      effects={row.effects}
                      request={requestOf(facts)}
                      refused={wasRefused(row)}
                      rehearsal={record.run.effects === 'rehearse'}
                      over={isFinal(record.run.status)}
                    />
                  ),
                },
              ]
            : []),
          { value: 'input', label: t('simulator.step.input'), content: input },
          { value: 'output', label: t('simulator.step.output'), content: output },
          {
            value: 'log',
            label: t('runs.log.title'),
            content: <StepLog row={row} step={step} />,
          },
        ]}
      />
      <Undone facts={facts} factsOf={factsOf} />
      {mayAct && !pruned && row.kind === 'step' && !isActive(record.run.status) && step && (
        <div className="mt-auto grid gap-2 border-t border-line px-3.5 py-3">
          <Button
            wide
            className="!justify-start"
            icon={<GitFork size={16} aria-hidden="true" />}
            loading={loading}
            onClick={() => void fork(step)}
          >
            {t('runs.fork.from')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Method and address of a request, without what only programs read. */
function requestOf({ node }: NodeFacts): string | null {
  const { method, url } = node?.config ?? {};
  if (typeof url !== 'string' || typeof method !== 'string') return null;
  return `${method} ${url.replace(/^https?:\/\//, '').replace(/[?#].*$/s, '')}`;
}

const Nothing = ({ children }: { children: ReactNode }) => <p className="px-3.5 py-4 text-ink-2">{children}</p>;

function StatusChip({ row }: { row: TimelineRow }) {
  const { t } = useTexts();
  const yours = isYourTurn(row);
  if (wasRefused(row) && !yours) return <Chip tone="danger">{t('runs.outside.short.refused')}</Chip>;
  const tones: Record<TimelineRow['status'], ChipTone> = {
    running: 'info',
    waiting: 'idle',
    succeeded: 'ok',
    failed: 'danger',
    skipped: 'idle',
    stopped: 'idle',
  };
  return (
    <Chip tone={yours ? 'you' : tones[row.status]}>{t(yours ? 'runs.yourTurn' : `runs.stepStatus.${row.status}`)}</Chip>
  );
}

/** What undoes it when a later step fails: said only of what does something outside. */
function Undone({ facts, factsOf }: { facts: NodeFacts; factsOf: (nodeId: string) => NodeFacts }) {
  const { t } = useTexts();
  const { node, type } = facts;
  if (!node || !type || (type.effects.length === 0 && !node.compensateWith)) return null;
  return (
    <section className="border-t border-line px-3.5 py-3">
      <h3 className="mb-1 font-sans text-xs font-semibold tracking-normal text-ink-2">{t('runs.undo.title')}</h3>
      <p className="text-ink-2">
        {node.compensateWith
          ? t('runs.undo.by', { title: factsOf(node.compensateWith).title })
          : t('runs.undo.nothing')}
      </p>
    </section>
  );
}
