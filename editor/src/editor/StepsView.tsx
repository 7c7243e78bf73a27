import { ChevronRight, CircleAlert, Play, Plus, WandSparkles } from 'lucide-react';
import { createContext, memo, use, useMemo } from 'react';
import type { NodeDefinition, Problem } from '#engine/graph/definition.js';
import { outputsOf } from '#engine/graph/ports.js';
import { NodeIcon } from '../canvas/NodeIcon.js';
import type { TrafficView } from '../api/types.js';
import type { CommandContext } from '../commands/command.js';
import { formatShare } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { classes } from '../ui/classes.js';
import { Piece } from '../ui/Piece.js';
import { goToProblem } from '../problems/goToProblem.js';
import { useTraffic } from '../traffic/useTraffic.js';
import { AddStepSheet } from './AddStepSheet.js';
import { UndoButtons } from './EditorBar.js';
import { titleOf, useDefinition, useSessionOf, useUi } from './session.js';
import { StartFrom } from './StartFrom.js';
import { stepTree, type StepItem } from './stepTree.js';
import { nothingSelected, select, type AddPlace } from './uiState.js';
import type { DraftState } from './useDraftState.js';

interface WrongStep {
  /** What its first error says. */
  readonly message: string;
  readonly count: number;
}

/** What is wrong, by step: looked for once, however many steps there are. */
const Wrong = createContext<ReadonlyMap<string, WrongStep>>(new Map());

/** What real runs of the live version did lately, by step. */
const Traffic = createContext<ReadonlyMap<string, NodeTraffic>>(new Map());
type NodeTraffic = TrafficView['nodes'][number];
const WEEK_HOURS = 168;

/** Of a hundred that left a step, how many went this way; `null` where nobody did. */
function shareOf(node: NodeTraffic | undefined, port: string): number | null {
  const all = node?.ways.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return all === 0 ? null : (node?.ways.find((way) => way.port === port)?.count ?? 0) / all;
}

function firstOfEach(problems: readonly Problem[]): ReadonlyMap<string, WrongStep> {
  const byStep = new Map<string, WrongStep>();
  for (const { nodeId, message } of problems) {
    if (!nodeId) continue;
    const known = byStep.get(nodeId);
    byStep.set(nodeId, { message: known?.message ?? message, count: (known?.count ?? 0) + 1 });
  }
  return byStep;
}

/** The department on a phone: its steps in the order they run, its decisions as branches. */
export function StepsView({ context, draft }: { context: CommandContext; draft: DraftState }) {
  const { t } = useTexts();
  const session = useSessionOf();
  const { ui, readOnly, kinds } = session;
  const definition = useDefinition();
  const all = useUi((state) => state.problems);
  const problems = useMemo(() => all.filter(({ severity }) => severity === 'error'), [all]);
  const byStep = useMemo(() => firstOfEach(problems), [problems]);
  const items = useMemo(() => stepTree(definition, undefined, kinds.waysOut), [definition, kinds]);
  const adding = useUi((state) => state.adding);
  const { data } = useTraffic(session.department.id, { hours: WEEK_HOURS });
  const traffic = useMemo(() => new Map(data?.nodes.map((node) => [node.nodeId, node])), [data]);
  const [first] = problems;
  return (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-3 pb-6">
        {definition.nodes.length === 0 ? (
          <>
            <p className="pt-8 pb-4 text-center text-ink-2">{t('editor.steps.empty')}</p>
            {!readOnly && <StartFrom />}
          </>
        ) : (
          <Wrong value={byStep}>
            <Traffic value={traffic}>
              <Items items={items} />
            </Traffic>
          </Wrong>
        )}
        {!readOnly && (
          <button
            type="button"
            className="step-add press mt-1"
            onClick={() => ui.setState({ ...nothingSelected, adding: endOf(items) })}
          >
            <Plus size={17} aria-hidden="true" />
            {t('editor.steps.add')}
          </button>
        )}
        {!readOnly && (
          <button
            type="button"
            className="step-add press"
            onClick={() => ui.setState({ side: 'describe', proposal: null })}
          >
            <WandSparkles size={17} aria-hidden="true" />
            {t('editor.command.describe')}
          </button>
        )}
      </div>
      <div className="flex flex-none flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-2.5 pb-[max(.625rem,env(safe-area-inset-bottom))]">
        <div className="flex basis-full items-baseline gap-1.5 text-xs leading-4" role="status">
          {problems.length > 0 ? (
            <>
              <b className="text-danger">{t('editor.steps.toFix', { count: problems.length })}</b>
              <span className="text-ink-2">{t('editor.steps.before', { version: draft.next })}</span>
            </>
          ) : (
            <span className="text-ink-2">
              {draft.state === 'equal' ? t('editor.bar.equal') : t('editor.bar.ahead', { count: draft.changes })}
            </span>
          )}
        </div>
        {!readOnly && <UndoButtons />}
        <span className="flex-1" />
        <Button icon={<Play size={16} aria-hidden="true" />} onClick={() => context.page.runDraft()}>
          {t('editor.bar.test')}
        </Button>
        {!readOnly &&
          (first ? (
            <Button variant="you" onClick={() => goToProblem(session, first)}>
              {t('editor.field.fix')}
            </Button>
          ) : (
            <Button
              variant={draft.state === 'equal' ? 'default' : 'you'}
              disabled={draft.state === 'equal'}
              onClick={() => ui.setState({ dialog: 'publish' })}
            >
              {t('editor.steps.publish')}
            </Button>
          ))}
      </div>
      {adding && <AddStepSheet adding={adding} />}
    </>
  );
}

/** Behind the last step of a list; on the way that leads there when it is still empty. Where it ends in branches each of them has its own. */
function endOf(items: readonly StepItem[], way?: AddPlace): AddPlace {
  const last = items.at(-1);
  return last?.kind === 'step' ? { after: last.nodeId } : (way ?? {});
}

function Items({ items }: { items: readonly StepItem[] }) {
  const { store } = useSessionOf();
  const wrong = use(Wrong);
  return (
    <ol className="step-tree">
      {items.map((item, index) =>
        item.kind === 'step' ? (
          <li key={item.nodeId} data-node={item.nodeId}>
            <StepCard
              node={store.getNode(item.nodeId)}
              problem={wrong.get(item.nodeId)?.message}
              problems={wrong.get(item.nodeId)?.count ?? 0}
            />
            {item.body.length > 0 && (
              <div className="step-branch">
                <Items items={item.body} />
              </div>
            )}
          </li>
        ) : (
          <li key={`branches ${index}`}>
            <Branches item={item} before={items[index - 1]} />
          </li>
        ),
      )}
    </ol>
  );
}

function Branches({ item, before }: { item: Extract<StepItem, { kind: 'branches' }>; before: StepItem | undefined }) {
  const { t, of, locale } = useTexts();
  const { store, types, ui, readOnly } = useSessionOf();
  const traffic = use(Traffic);
  const node = before?.kind === 'step' ? store.getNode(before.nodeId) : undefined;
  const type = node && types.get(node.type);
  const ports = node && type ? outputsOf(type, node.config, node.onError) : [];
  const cases =
    node && type
      ? outputsOf(type, node.config).filter(({ name }) => !type.outputs.some((each) => each.name === name))
      : [];
  return (
    <div className="step-branch">
      {item.ways.map(({ port, items, ends }) => {
        const name = ports.find((each) => each.name === port)?.title;
        const way = name ? of(name) : port;
        // What an author named is a case; the ways of a kind of step say themselves what happened.
        const share = node ? shareOf(traffic.get(node.id), port) : null;
        const drawn = cases.some((each) => each.name === port);
        return (
          <div key={port} role="group" aria-label={way}>
            <p className="step-when">
              {drawn ? t('editor.steps.when', { way }) : way}
              {share !== null && (
                <Chip>
                  <span aria-hidden="true">{formatShare(locale, share)}</span>
                  <span className="sr-only">{t('editor.steps.share', { share: formatShare(locale, share) })}</span>
                </Chip>
              )}
              {items.length === 0 && (
                <span className="step-note">{t(ends ? 'editor.steps.endsHere' : 'editor.steps.goesOn')}</span>
              )}
            </p>
            {items.length > 0 && <Items items={items} />}
            {!readOnly && node && items.at(-1)?.kind !== 'branches' && (
              <button
                type="button"
                aria-label={`${t('editor.steps.addHere')}: ${way}`}
                className="step-add press"
                onClick={() => ui.setState({ ...nothingSelected, adding: endOf(items, { after: node.id, port }) })}
              >
                <Plus size={15} aria-hidden="true" />
                {t('editor.steps.addHere')}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface StepCardProps {
  readonly node: NodeDefinition | undefined;
  readonly problem: string | undefined;
  readonly problems: number;
}

/** Drawn again when its own step or what is wrong with it changed. */
const StepCard = memo(function StepCard({ node, problem, problems }: StepCardProps) {
  const { t, of } = useTexts();
  const session = useSessionOf();
  const { types, ui, department } = session;
  if (!node) return null;
  const type = types.get(node.type);
  const group = type?.group ?? 'logic';
  return (
    <button
      type="button"
      className={classes('step-card w-full', `kind-${group}`, problem && 'failed')}
      onClick={() => select(ui, [node.id])}
    >
      {group === 'agent' ? (
        <Piece team={department.type} size={34} />
      ) : (
        <span className="kind-tile silhouette">
          <NodeIcon name={type?.icon} size={18} />
        </span>
      )}
      <span className="min-w-0 flex-1">
        <b className="block truncate">{titleOf(session, node)}</b>
        <span className="line-clamp-2 text-sm text-ink-2">
          {problem
            ? problem
            : !type
              ? node.type
              : of(node.title && node.title !== of(type.title) ? type.title : type.summary)}
        </span>
      </span>
      {problem ? (
        <CircleAlert size={20} className="text-danger" aria-label={t('editor.problems.count', { count: problems })} />
      ) : (
        <ChevronRight size={18} className="text-ink-3" aria-hidden="true" />
      )}
    </button>
  );
});
