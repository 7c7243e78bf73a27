import { useState } from 'react';
import type { Definition, PublicNode, StepView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Segmented } from '../ui/Segmented.js';
import { PayloadTree } from './PayloadTree.js';
import { stepReference } from './reference.js';
import { StepList } from './StepList.js';

interface StepsConsoleProps {
  readonly steps: readonly StepView[];
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly team: string;
  /** Told when a step is chosen, so that the drawing can show it. */
  readonly onSelect: (nodeId: string) => void;
}

/** The steps of a run, and beside them what the chosen one returned or received, as a typed tree whose values can be dragged into a field. */
export function StepsConsole({ steps, definition, nodeTypes, team, onSelect }: StepsConsoleProps) {
  const { t } = useTexts();
  const [chosen, choose] = useState<string | null>(null);
  const [side, setSide] = useState<'output' | 'input'>('output');
  const step = steps.findLast(({ nodeId, status }) => nodeId === chosen && status !== 'skipped') ?? null;
  const value = step?.[side] ?? null;
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="min-h-0 overflow-y-auto" tabIndex={0} role="group" aria-label={t('simulator.step.soFar')}>
        <StepList
          steps={steps}
          definition={definition}
          nodeTypes={nodeTypes}
          team={team}
          selected={chosen}
          onSelect={(nodeId) => {
            choose(nodeId);
            onSelect(nodeId);
          }}
        />
      </div>
      <div
        className="min-h-0 overflow-y-auto border-l border-line"
        tabIndex={0}
        role="group"
        aria-label={t('simulator.step.tabs')}
      >
        {step ? (
          <>
            <div className="max-w-[260px] px-3.5 pt-2">
              <Segmented
                label={t('simulator.step.tabs')}
                value={side}
                onChange={setSide}
                options={(['output', 'input'] as const).map((each) => ({
                  value: each,
                  label: t(`simulator.step.${each}`),
                }))}
              />
            </div>
            <PayloadTree
              key={`${step.path} ${side}`}
              value={value}
              reference={side === 'output' ? stepReference(step.nodeId) : null}
            />
          </>
        ) : (
          <p className="px-3.5 py-3 text-ink-2">{t('runs.console.pick')}</p>
        )}
      </div>
    </div>
  );
}
