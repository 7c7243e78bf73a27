import { useNavigate, useSearch } from '@tanstack/react-router';
import { MessageCircle } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { Point } from '../canvas/box.js';
import { EditorCanvas } from '../canvas/EditorCanvas.js';
import { selectPressed } from '../canvas/pressedOn.js';
import type { CommandContext, PageActions } from '../commands/command.js';
import { useCommandContext, useShortcuts } from '../commands/useCommands.js';
import { useComments } from '../comments/useComments.js';
import { useTexts } from '../i18n/useTexts.js';
import { Palette } from '../palette/Palette.js';
import { QuickAdd } from '../palette/QuickAdd.js';
import { useDesktop } from '../runs/useDesktop.js';
import { Segmented } from '../ui/Segmented.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { BottomDock } from './BottomDock.js';
import { EditorBar } from './EditorBar.js';
import { downloadDepartment } from './files.js';
import { usePins } from './pins.js';
import { RunChip } from './RunChip.js';
import { titleOf, useNode, useSessionOf, useUi } from './session.js';
import { isFirstVisit } from './firstVisit.js';
import { nothingSelected } from './uiState.js';
import { useDraftRun } from './useDraftRun.js';
import { useDraftState } from './useDraftState.js';
import { useKeptFocus } from './useKeptFocus.js';
import { useLevelThere } from './useLevelThere.js';
import { whenIdle } from './whenIdle.js';

// What is not on the screen at once comes when it is asked for; the inspector, with its text editor, once nothing else is to do.
const loadInspector = () => import('../inspector/Inspector.js');
const Inspector = lazy(async () => ({ default: (await loadInspector()).Inspector }));
const CommentsPanel = lazy(async () => ({ default: (await import('../comments/CommentsPanel.js')).CommentsPanel }));
const CanvasMenu = lazy(async () => ({ default: (await import('../commands/CanvasMenu.js')).CanvasMenu }));
const CommandMenu = lazy(async () => ({ default: (await import('../commands/CommandMenu.js')).CommandMenu }));
const ShortcutList = lazy(async () => ({ default: (await import('../commands/ShortcutList.js')).ShortcutList }));
const ChatPanel = lazy(async () => ({ default: (await import('./ChatPanel.js')).ChatPanel }));
const DescribePanel = lazy(async () => ({ default: (await import('../describe/DescribePanel.js')).DescribePanel }));
const ProposalCanvas = lazy(async () => ({
  default: (await import('../describe/ProposalCanvas.js')).ProposalCanvas,
}));
const ImportSheet = lazy(async () => ({ default: (await import('./ImportSheet.js')).ImportSheet }));
const PastRun = lazy(async () => ({ default: (await import('./PastRun.js')).PastRun }));
const PublishSheet = lazy(async () => ({ default: (await import('./PublishSheet.js')).PublishSheet }));
const SearchSheet = lazy(async () => ({ default: (await import('./SearchSheet.js')).SearchSheet }));
const StepsView = lazy(async () => ({ default: (await import('./StepsView.js')).StepsView }));
const Tour = lazy(async () => ({ default: (await import('./Tour.js')).Tour }));

/** Palette, canvas, inspector; on a phone the steps as a list, and the canvas to look at. */
export function Workbench() {
  const { t } = useTexts();
  const session = useSessionOf();
  const { ui, department, store } = session;
  const desktop = useDesktop();
  const navigate = useNavigate();
  useAskedFor();
  useLevelThere();
  useKeptFocus();
  const [half, setHalf] = useState<'steps' | 'graph'>('steps');
  const draft = useDraftState(department);
  const testing = useDraftRun();
  const page = useMemo(
    (): PageActions => ({
      runDraft: () => testing.toggle(),
      runFrom: (nodeId) => testing.from(nodeId),
      runUntil: (nodeId) => testing.until(nodeId),
      canContinue: testing.canContinue,
      openVersions: () =>
        void navigate({ to: '/departments/$departmentId/versions', params: { departmentId: department.id } }),
      exportFile: () => downloadDepartment(department.name, store.getSnapshot().definition),
      comment() {
        ui.setState({ side: 'comments' });
        // Already open: to where one writes.
        document.querySelector<HTMLElement>('[data-comment-box]')?.focus();
      },
      canComment: true,
    }),
    [testing, navigate, department, store, ui],
  );
  const context = useCommandContext(page);
  useShortcuts(context);
  const selected = useUi((state) => state.nodes);
  const nodeId = useWhileDropped(selected.length === 1 ? (selected[0] ?? null) : null);
  const node = useNode(nodeId);
  const side = useUi((state) => state.side);
  const comments = useComments(department.id);
  const pins = usePins(department.id);
  const pinned = useMemo(() => new Set([...Object.keys(pins), ...testing.pinned]), [pins, testing.pinned]);
  const past = useUi((state) => state.past) !== null;
  const [menu, setMenu] = useState<Point | null>(null);
  const canvas = (
    <div
      className="relative h-full"
      onContextMenu={(event) => {
        // On a phone what is pressed for long opens by itself.
        if (!desktop || !selectPressed(ui, event.target)) return;
        event.preventDefault();
        setMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <EditorCanvas run={testing.run} comments={comments.counts} pinned={pinned} />
      {testing.run && <RunChip run={testing.run} />}
      {menu && (
        <Suspense fallback={null}>
          <CanvasMenu context={context} at={menu} onClose={() => setMenu(null)} />
        </Suspense>
      )}
    </div>
  );
  const part = side === 'chat' || side === 'comments' ? side : half;
  const open = comments.open;
  const docked = desktop && (side === 'chat' || side === 'comments' || side === 'describe') ? side : null;
  const proposed = useUi((state) => state.proposal) !== null && side === 'describe';
  useEffect(() => whenIdle(() => void loadInspector()), []);
  useEffect(() => {
    if (desktop && !session.readOnly && isFirstVisit()) ui.setState({ dialog: 'tour' });
  }, [desktop, session.readOnly, ui]);

  return (
    <div className="editor-page">
      <EditorBar context={context} draft={draft} running={testing.busy} />
      {past ? (
        <Suspense fallback={<Skeleton className="m-4 h-60" />}>
          <PastRun />
        </Suspense>
      ) : desktop ? (
        <div className="editor-room" data-inspecting={node || docked ? '' : undefined}>
          {!session.readOnly && <Palette />}
          <div className="editor-middle">
            <div className="min-h-0 flex-1">
              {proposed ? (
                <Suspense fallback={<Skeleton className="h-full" />}>
                  <ProposalCanvas />
                </Suspense>
              ) : (
                canvas
              )}
            </div>
            <BottomDock run={testing.run} />
          </div>
          {docked && (
            <aside className="editor-side">
              <Suspense fallback={<Skeleton className="m-4 h-40" />}>
                {docked === 'chat' ? (
                  <ChatPanel onClose={() => ui.setState({ side: 'step' })} />
                ) : docked === 'describe' ? (
                  <DescribePanel onClose={() => ui.setState({ side: 'step', proposal: null })} />
                ) : (
                  <CommentsPanel comments={comments} />
                )}
              </Suspense>
            </aside>
          )}
          {node && !docked && (
            <aside className="editor-side">
              <Suspense fallback={<Skeleton className="m-4 h-60" />}>
                <Inspector key={node.id} nodeId={node.id} context={context} run={testing.run} sample={testing.sample} />
              </Suspense>
            </aside>
          )}
        </div>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col">
          <div className="flex-none bg-surface px-3 pt-1.5 pb-1.5">
            <Segmented
              label={t('simulator.view.label')}
              value={part}
              onChange={(next) => {
                if (next === 'steps' || next === 'graph') setHalf(next);
                ui.setState({ side: next === 'chat' || next === 'comments' ? next : 'step' });
              }}
              options={[
                { value: 'steps', label: t('editor.steps.tab') },
                { value: 'graph', label: t('simulator.view.graph') },
                { value: 'chat', label: t('inPlace.phone.chat') },
                {
                  value: 'comments',
                  label: (
                    <>
                      <MessageCircle size={17} aria-hidden="true" />
                      <span className="sr-only">{t('inPlace.phone.comments')}</span>
                      {open > 0 && <span className="num">{open}</span>}
                    </>
                  ),
                },
              ]}
            />
          </div>
          {part === 'steps' ? (
            <Suspense fallback={<Skeleton className="m-4 h-60" />}>
              <StepsView context={context} draft={draft} />
            </Suspense>
          ) : part === 'graph' ? (
            <div className="min-h-0 flex-1">{canvas}</div>
          ) : (
            <div className="min-h-0 flex-1 bg-surface">
              <Suspense fallback={<Skeleton className="m-4 h-60" />}>
                {part === 'chat' ? <ChatPanel /> : <CommentsPanel comments={comments} />}
              </Suspense>
            </div>
          )}
          {side === 'describe' && (
            <Sheet
              open
              onOpenChange={(isOpen) => !isOpen && ui.setState({ side: 'step', proposal: null })}
              title={t('describe.title')}
            >
              <div className="-mx-4">
                <Suspense fallback={<Skeleton className="m-4 h-60" />}>
                  <DescribePanel bare />
                </Suspense>
              </div>
            </Sheet>
          )}
          {node && side === 'step' && (
            <Sheet open onOpenChange={(open) => !open && ui.setState(nothingSelected)} title={titleOf(session, node)}>
              <Suspense fallback={<Skeleton className="m-4 h-60" />}>
                <Inspector
                  key={node.id}
                  nodeId={node.id}
                  context={context}
                  run={testing.run}
                  sample={testing.sample}
                  bare
                />
              </Suspense>
            </Sheet>
          )}
        </div>
      )}
      <QuickAdd />
      <Suspense fallback={null}>
        <Dialogs context={context} draft={draft} />
      </Suspense>
    </div>
  );
}

/** A value as it was before the drag that goes on: opening the inspector takes room from the canvas under the hand. */
function useWhileDropped<Value>(value: Value): Value {
  const dragging = useUi((state) => state.dragging);
  const [kept, setKept] = useState(value);
  if (!dragging && kept !== value) setKept(value);
  return dragging ? kept : value;
}

function Dialogs({ context, draft }: { context: CommandContext; draft: ReturnType<typeof useDraftState> }) {
  const dialog = useUi((state) => state.dialog);
  switch (dialog) {
    case 'commands':
      return <CommandMenu context={context} />;
    case 'shortcuts':
      return <ShortcutList />;
    case 'search':
      return <SearchSheet />;
    case 'publish':
      return <PublishSheet draft={draft} />;
    case 'import':
      return <ImportSheet />;
    case 'tour':
      return <Tour />;
    default:
      return null;
  }
}

/** What the address asks for: a comment, from the mail that told of it; a run, from its page. */
function useAskedFor(): void {
  const { ui } = useSessionOf();
  const { comment, run } = useSearch({ from: '/member/departments/$departmentId/edit' });
  useEffect(() => {
    if (comment) ui.setState({ side: 'comments', comment });
  }, [ui, comment]);
  useEffect(() => {
    if (run) ui.setState({ past: run });
  }, [ui, run]);
}
