import { lazy, Suspense, useState } from 'react';
import type { Definition, DepartmentView, PublicNode, StepView } from '../api/types.js';
import { useOrganization } from '../app/useOrganization.js';
import { progressOf, type LiveRun } from '../canvas/liveRun.js';
import { useTexts } from '../i18n/useTexts.js';
import { Segmented } from '../ui/Segmented.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { Conversation } from './Conversation.js';
import { Meter } from './Meter.js';
import type { Persona } from './personas.js';
import { StepList } from './StepList.js';
import { StepPanel } from './StepPanel.js';
import { useDesktop } from './useDesktop.js';
import { useLiveRuns } from './useLiveRuns.js';
import { useSimulation } from './useSimulation.js';

const DepartmentCanvas = lazy(async () => ({
  default: (await import('../canvas/DepartmentCanvas.js')).DepartmentCanvas,
}));

interface StageProps {
  readonly department: DepartmentView;
  readonly definition: Definition;
  readonly nodeTypes: readonly PublicNode[];
  readonly channelId: string | null;
  readonly persona: Persona;
  readonly onPersona: (persona: Persona) => void;
  readonly round: number;
}

/** The phone, the department at work, and the step one looks at. Side by side on a desktop, one at a time on a phone. */
export function Stage({ department, definition, nodeTypes, channelId, persona, onPersona, round }: StageProps) {
  const { t } = useTexts();
  const desktop = useDesktop();
  const { name } = useOrganization();
  const [view, setView] = useState<'chat' | 'steps' | 'graph'>('chat');
  const [chosenRunId, chooseRun] = useState<string | null>(null);
  const [chosenNode, chooseNode] = useState<string | null>(null);
  const simulation = useSimulation(channelId, persona, round);
  const live = useLiveRuns(simulation.conversationId, chosenRunId);
  const steps = [...(live.run?.steps.values() ?? [])];
  const types = new Map(nodeTypes.map((type) => [type.type, type]));
  const nodeId = chosenNode ?? watchedNode(live.run, definition, types);

  const conversation = (
    <Conversation
      business={name}
      simulation={{
        ...simulation,
        say: (text, buttonId) => {
          // What is sent now is what one wants to watch.
          chooseRun(null);
          chooseNode(null);
          simulation.say(text, buttonId);
        },
      }}
      ready={channelId !== null}
      live={live}
      persona={persona}
      onPersona={onPersona}
      chosenRunId={chosenRunId}
      onChooseRun={(runId) => {
        chooseRun(runId);
        if (!desktop) setView('steps');
      }}
    />
  );
  const canvas = (
    <Suspense fallback={<Skeleton className="h-full" />}>
      <DepartmentCanvas
        definition={definition}
        nodeTypes={nodeTypes}
        team={department.type}
        run={live.run}
        selected={desktop ? nodeId : chosenNode}
        onSelect={chooseNode}
      />
    </Suspense>
  );
  const panel = (
    <NodePanel
      definition={definition}
      types={types}
      team={department.type}
      nodeId={nodeId}
      run={live.run}
      steps={steps}
    />
  );
  const list = (tall: boolean) => (
    <StepList
      steps={steps}
      definition={definition}
      nodeTypes={types}
      selected={nodeId}
      onSelect={chooseNode}
      tall={tall}
    />
  );
  const meter = <Meter steps={steps} definition={definition} nodeTypes={types} />;

  if (desktop) {
    return (
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(320px,404px)_minmax(0,1fr)_minmax(280px,320px)]">
        <div className="flex min-h-0 flex-col border-r border-line px-5 pt-3.5 pb-4">{conversation}</div>
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="min-h-0 flex-1">{canvas}</div>
          {meter}
        </div>
        <aside className="flex min-h-0 flex-col overflow-y-auto border-l border-line bg-surface">
          {panel}
          {steps.length > 0 && (
            <section className="flex-none border-t border-line pt-3 pb-4">
              <h3 className="px-3.5 pb-1 font-sans text-xs font-semibold tracking-normal text-ink-3">
                {t('simulator.step.soFar')}
              </h3>
              {list(false)}
            </section>
          )}
        </aside>
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex-none bg-surface px-3 pt-2 pb-2">
        <Segmented
          label={t('simulator.view.label')}
          value={view}
          onChange={setView}
          options={(['chat', 'steps', 'graph'] as const).map((value) => ({
            value,
            label: t(`simulator.view.${value}`),
          }))}
        />
      </div>
      <div className="flex min-h-0 flex-1 flex-col" hidden={view !== 'chat'}>
        {conversation}
      </div>
      {view === 'steps' && (
        <>
          <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
            {steps.length > 0 ? list(true) : <p className="p-6 text-center text-ink-2">{t('simulator.step.pick')}</p>}
          </div>
          {meter}
        </>
      )}
      {view === 'graph' && (
        <>
          <div className="min-h-0 flex-1">{canvas}</div>
          {meter}
        </>
      )}
      <Sheet
        open={chosenNode !== null}
        onOpenChange={(open) => !open && chooseNode(null)}
        title={t('simulator.step.tabs')}
      >
        {panel}
      </Sheet>
    </div>
  );
}

/** The step worth watching: the one at work, else the last that thought, else the last. */
function watchedNode(
  run: LiveRun | null,
  definition: Definition,
  types: ReadonlyMap<string, PublicNode>,
): string | null {
  const steps = [...(run?.steps.values() ?? [])].filter((step) => step.status !== 'skipped');
  const failed = steps.find((step) => step.status === 'failed');
  const running = steps.findLast((step) => step.status === 'running');
  const groups = new Map(definition.nodes.map((node) => [node.id, types.get(node.type)?.group]));
  const thought = steps.findLast((step) => groups.get(step.nodeId) === 'agent' && step.model !== null);
  return (failed ?? running ?? thought ?? steps.at(-1))?.nodeId ?? null;
}

function NodePanel(props: {
  readonly definition: Definition;
  readonly types: ReadonlyMap<string, PublicNode>;
  readonly team: string;
  readonly nodeId: string | null;
  readonly run: LiveRun | null;
  readonly steps: readonly StepView[];
}) {
  const { definition, types, team, nodeId, run } = props;
  const { t } = useTexts();
  const node = definition.nodes.find(({ id }) => id === nodeId);
  if (!node) return <p className="px-4 py-6 text-ink-2">{t('simulator.step.pick')}</p>;
  const agents = definition.nodes.filter(({ type }) => types.get(type)?.group === 'agent');
  return (
    <StepPanel
      key={node.id}
      node={node}
      nodeType={types.get(node.type)}
      team={team}
      pieceIndex={Math.max(0, agents.indexOf(node))}
      step={progressOf(run).get(node.id)?.step ?? null}
      run={run}
    />
  );
}
