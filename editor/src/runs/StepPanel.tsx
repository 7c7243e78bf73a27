import { useState, type ReactNode } from 'react';
import type { Definition, PublicNode, StepView } from '../api/types.js';
import '../canvas/canvas.css';
import type { LiveRun } from '../canvas/liveRun.js';
import { formatDuration, formatMicros, formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Piece } from '../ui/Piece.js';
import { classes } from '../ui/classes.js';
import { Tabs } from '../ui/Tabs.js';
import { PayloadTree } from './PayloadTree.js';
import { StepFailure } from './StepFailure.js';
import { NodeIcon } from '../canvas/NodeIcon.js';

interface StepPanelProps {
  readonly node: Definition['nodes'][number];
  readonly nodeType: PublicNode | undefined;
  readonly team: string;
  readonly pieceIndex: number;
  readonly step: StepView | null;
  readonly run: LiveRun | null;
  /** In a sheet, which already says its name. */
  readonly bare?: boolean;
}

/** One step from the inside: what it received, what it returned, what it thought with. */
export function StepPanel({ node, nodeType, team, pieceIndex, step, run, bare = false }: StepPanelProps) {
  const { t, locale, of } = useTexts();
  const [tab, setTab] = useState('output');
  const writing = step?.status === 'running' ? run?.writing.get(step.path) : undefined;
  const group = nodeType?.group ?? 'logic';
  return (
    <div className="flex flex-col">
      <header className="flex items-center gap-3 px-3.5 pt-4 pb-2">
        {group === 'agent' ? (
          <Piece team={team} index={pieceIndex} size={34} state={step?.status === 'running' ? 'on' : 'idle'} />
        ) : (
          <span className={`kind-tile kind-${group} !size-[34px]`}>
            <NodeIcon name={nodeType?.icon} size={18} />
          </span>
        )}
        <div className="min-w-0">
          {!bare && (
            <h2 className="truncate text-lg leading-5">{node.title ?? (nodeType ? of(nodeType.title) : node.type)}</h2>
          )}
          <p
            className={classes(
              'text-xs',
              step?.status === 'failed'
                ? 'text-danger'
                : step?.status === 'running'
                  ? 'font-medium text-mar-text'
                  : 'text-ink-2',
            )}
          >
            {t(`simulator.step.status.${step?.status ?? 'idle'}`)}
            {step?.durationMs != null && step.status !== 'skipped' && ` · ${formatDuration(locale, step.durationMs)}`}
          </p>
        </div>
      </header>
      {step?.error && (
        <div className="mx-3.5 mb-2">
          <StepFailure error={step.error} live />
        </div>
      )}
      <Tabs
        label={t('simulator.step.tabs')}
        value={tab}
        onChange={setTab}
        items={[
          {
            value: 'input',
            label: t('simulator.step.input'),
            content:
              step && step.input !== null ? (
                <PayloadTree value={step.input} />
              ) : (
                <Nothing>{t('simulator.step.noInput')}</Nothing>
              ),
          },
          {
            value: 'output',
            label: t('simulator.step.output'),
            content: writing ? (
              <PayloadTree value={{ text: writing }} />
            ) : step && step.output !== null ? (
              <PayloadTree value={step.output} />
            ) : (
              <Nothing>{t('simulator.step.noOutput')}</Nothing>
            ),
          },
          {
            value: 'model',
            label: t('simulator.step.model'),
            content: step ? (
              <Facts
                facts={[
                  [t('simulator.step.provider'), step.model ?? t('simulator.step.noModel')],
                  [
                    t('simulator.step.duration'),
                    step.durationMs === null ? null : formatDuration(locale, step.durationMs),
                  ],
                  [t('simulator.step.tokensIn'), step.model && formatNumber(locale, step.tokens.input)],
                  [t('simulator.step.tokensOut'), step.model && formatNumber(locale, step.tokens.output)],
                  [t('simulator.step.cost'), step.model && formatMicros(locale, step.cost.micros)],
                  [t('simulator.step.route'), step.port],
                  [t('simulator.step.attempt'), step.attempt > 1 ? String(step.attempt) : null],
                ]}
              />
            ) : (
              <Nothing>{t('simulator.step.noOutput')}</Nothing>
            ),
          },
        ]}
      />
    </div>
  );
}

const Nothing = ({ children }: { children: ReactNode }) => <p className="px-3.5 py-4 text-ink-2">{children}</p>;

function Facts({ facts }: { facts: readonly (readonly [string, string | null])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 px-3.5 py-3">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd className="num text-right font-medium">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
