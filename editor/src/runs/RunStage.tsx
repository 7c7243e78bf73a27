import { lazy, Suspense, type ReactNode } from 'react';
import type { Definition, PublicNode } from '../api/types.js';
import { progressOf, type LiveRun } from '../canvas/liveRun.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { Segmented } from '../ui/Segmented.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { Meter } from './Meter.js';
import { PassagesRead } from './PassagesRead.js';
import { StepList } from './StepList.js';
import { StepPanel } from './StepPanel.js';
import { useDesktop } from './useDesktop.js';
import { watchedNode } from './watchedNode.js';

const DepartmentCanvas = lazy(async () => ({
  default: (await import('../canvas/DepartmentCanvas.js')).DepartmentCanvas,
}));

export type RunPart = 'chat' | 'steps' | 'graph';

interface RunStageProps {
  readonly definition: Definition;
  readonly nodeTypes: readonly PublicNode[];
  readonly team: string;
  readonly run: LiveRun | null;
  readonly chosenNode: string | null;
  readonly onChooseNode: (nodeId: string | null) => void;
  /** What a phone shows; a desktop has room for everything. */
  readonly part: RunPart;
  readonly onPart: (part: RunPart) => void;
  /** The conversation beside it, in a rehearsal. */
  readonly chat?: ReactNode;
}

/** A department at work and the step one looks at. Side by side on a desktop, one at a time on a phone. */
export function RunStage(props: RunStageProps) {
  const { definition, nodeTypes, team, run, chosenNode, onChooseNode, part, onPart, chat } = props;
  const { t, of } = useTexts();
  const desktop = useDesktop();
  const types = new Map(nodeTypes.map((type) => [type.type, type]));
  const steps = [...(run?.steps.values() ?? [])];
  const nodeId = chosenNode ?? watchedNode(run, definition, types);
  const node = definition.nodes.find(({ id }) => id === nodeId);
  const nodeType = node && types.get(node.type);
  const step = nodeId ? (progressOf(run).get(nodeId)?.step ?? null) : null;

  const canvas = (
    <Suspense fallback={<Skeleton className="h-full" />}>
      <DepartmentCanvas
        definition={definition}
        nodeTypes={nodeTypes}
        team={team}
        run={run}
        selected={desktop ? nodeId : chosenNode}
        onSelect={onChooseNode}
      />
    </Suspense>
  );
  const nothingYet = <p className="px-4 py-6 text-ink-2">{t('simulator.step.pick')}</p>;
  const panel = node ? (
    <StepPanel
      key={node.id}
      node={node}
      nodeType={nodeType}
      team={team}
      pieceIndex={pieceIndex(definition, types, node.id)}
      step={step}
      run={run}
      bare={!desktop}
    />
  ) : (
    nothingYet
  );
  const list = (
    <StepList
      steps={steps}
      definition={definition}
      nodeTypes={types}
      team={team}
      selected={nodeId}
      onSelect={onChooseNode}
      tall={!desktop}
    />
  );
  const meter = <Meter steps={steps} definition={definition} nodeTypes={types} />;

  if (desktop) {
    return (
      <div
        className={classes(
          'grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)]',
          chat
            ? 'grid-cols-[minmax(312px,404px)_minmax(0,1fr)_minmax(272px,320px)]'
            : 'grid-cols-[minmax(0,1fr)_minmax(300px,380px)]',
        )}
      >
        {chat && <div className="flex min-h-0 flex-col border-r border-line px-5 pt-3.5 pb-4">{chat}</div>}
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="min-h-0 flex-1">{canvas}</div>
          {meter}
        </div>
        <aside
          aria-label={t('simulator.step.tabs')}
          tabIndex={0}
          className="min-h-0 overflow-y-auto border-l border-line bg-surface pb-4"
        >
          {panel}
          {steps.length > 0 && (
            <section className="border-t border-line pt-3 pb-2">
              <h3 className="px-3.5 pb-1 font-sans text-xs font-semibold tracking-normal text-ink-2">
                {t('simulator.step.soFar')}
              </h3>
              {list}
            </section>
          )}
          {step && <PassagesRead step={step} />}
        </aside>
      </div>
    );
  }
  const parts: readonly RunPart[] = chat ? ['chat', 'steps', 'graph'] : ['steps', 'graph'];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex-none bg-surface px-3 pt-1.5 pb-1.5">
        <Segmented
          label={t('simulator.view.label')}
          value={part}
          onChange={onPart}
          options={parts.map((value) => ({ value, label: t(`simulator.view.${value}`) }))}
        />
      </div>
      {chat && (
        <div className="flex min-h-0 flex-1 flex-col" hidden={part !== 'chat'}>
          {chat}
        </div>
      )}
      {part === 'steps' && (
        <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-3 pb-4">{steps.length > 0 ? list : nothingYet}</div>
      )}
      {part === 'graph' && <div className="min-h-0 flex-1">{canvas}</div>}
      {part !== 'chat' && meter}
      <Sheet
        open={chosenNode !== null}
        onOpenChange={(open) => !open && onChooseNode(null)}
        title={node?.title ?? (nodeType ? of(nodeType.title) : t('simulator.step.tabs'))}
      >
        <div className="-mx-4">
          {panel}
          {step && <PassagesRead step={step} />}
        </div>
      </Sheet>
    </div>
  );
}

/** Agents wear the pieces of their team in the order they stand in it. */
function pieceIndex(definition: Definition, types: ReadonlyMap<string, PublicNode>, nodeId: string): number {
  const agents = definition.nodes.filter(({ type }) => types.get(type)?.group === 'agent');
  return Math.max(
    0,
    agents.findIndex(({ id }) => id === nodeId),
  );
}
