import {
  ConnectionLineType,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
  type FinalConnectionState,
  type IsValidConnection,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import {
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  type MouseEvent as ReactMouseEvent,
  type PointerEvent,
} from 'react';
import { useTranslation } from 'react-i18next';
import { insertNode } from '../editor/insertNode.js';
import { usePeers, useSessionOf, useUi } from '../editor/session.js';
import { nothingSelected, type QuickAdd } from '../editor/uiState.js';
import { draggedType } from '../palette/dragType.js';
import './canvas.css';
import './editor.css';
import { Breadcrumb } from './Breadcrumb.js';
import { Cursors } from './Cursors.js';
import { Dock, KeepInView } from './DepartmentCanvas.js';
import { detailAt, DetailProvider, EdgeInHandProvider } from './detail.js';
import { Dots } from './Dots.js';
import type { AnyNode, CanvasEdge, Holder } from './drawing.js';
import { EditContainer, EditNode } from './EditNode.js';
import { EditEdge, insertEvent } from './EditEdge.js';
import type { LiveRun } from './liveRun.js';
import { useArriving, useRestingEdges } from './many.js';
import { NoteNode } from './NoteNode.js';
import { RestingEdges } from './RestingEdges.js';
import { ArrowHeads } from './RouteEdge.js';
import { CanvasTools } from './CanvasTools.js';
import { StepMap, type MapItem } from './StepMap.js';
import { betweenShows, edgeAt, useCanvasEdits } from './useCanvasEdits.js';
import { useGraph } from './useGraph.js';
import { useKnownSizes } from './useKnownSizes.js';
import { usePeersPlaces, usePlaced } from './usePlaces.js';
import { useStable } from './useStable.js';
import { useViewCommands } from './useViewCommands.js';
import { faceColor } from '../ui/cobogo.js';

const StartFrom = lazy(async () => ({ default: (await import('../editor/StartFrom.js')).StartFrom }));
const LiveTraffic = lazy(async () => ({ default: (await import('../traffic/LiveTraffic.js')).LiveTraffic }));

// React Flow compares these by identity: they must never be made anew.
const nodeKinds = { step: EditNode, container: EditContainer, note: NoteNode };
const edgeKinds = { route: EditEdge };
const snap: [number, number] = [8, 8];
const multi = ['Meta', 'Control', 'Shift'];
/** A small department is seen at once; the map begins to help when it is not. */
const mapFrom = 20;
const none: ReadonlyMap<string, never> = new Map<string, never>();

interface EditorCanvasProps {
  readonly run: LiveRun | null;
  readonly comments: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
}

/** The department to build on. Everything that is done here goes into the shared document and comes back from it. */
export function EditorCanvas({ run, comments, pinned }: EditorCanvasProps) {
  const session = useSessionOf();
  const { ui, presence, readOnly, types } = session;
  const { t } = useTranslation();
  const flow = useReactFlow<AnyNode>();
  const host = useRef<HTMLDivElement>(null);
  const level = useUi((state) => state.level);
  const traffic = useUi((state) => state.traffic);
  const edits = useCanvasEdits();
  const peers = usePeers();
  const held = useMemo((): ReadonlyMap<string, Holder> => {
    if (peers.length === 0) return none;
    return new Map(
      peers.flatMap(({ user, selection }) =>
        selection.map((id) => [id, { name: user.name.split(' ')[0] ?? '', color: faceColor(user.id) }] as const),
      ),
    );
  }, [peers]);
  const theirs = usePeersPlaces(peers);
  const { definition, nodes: resting, edges, plan, map } = useGraph({ run, held, comments, pinned });
  const arrived = useArriving(resting);
  const nodes = usePlaced(arrived, theirs, edits.inHand);
  const detail = useStore(({ transform: [, , zoom] }) => detailAt(zoom));
  const { own: ownEdges, resting: restingEdges } = useRestingEdges(edges, resting, detail, theirs, edits.inHand);
  const coming = useMemo(() => comingOf(map, resting, arrived), [map, resting, arrived]);
  const edgeInHand = useStore(
    ({ connection, connectionClickStartHandle }) => connection.inProgress || connectionClickStartHandle !== null,
  );
  useKnownSizes();
  useViewCommands(plan);

  const at = (event: { clientX: number; clientY: number }) =>
    flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
  const openQuickAdd = (add: Omit<QuickAdd, 'parentId'> & { parentId?: string | undefined }): void => {
    if (readOnly) return;
    const parentId = add.parentId ?? level ?? undefined;
    const { parentId: _, ...rest } = add;
    ui.setState({ quickAdd: { ...rest, ...(parentId && { parentId }) } });
  };

  // The plus in the middle of an edge.
  const onInsert = useEffectEvent((event: Event) => {
    const { edgeId, at: place, screen } = (event as CustomEvent<{ edgeId: string; at: never; screen: never }>).detail;
    openQuickAdd({ edgeId, at: place, screen });
  });
  useEffect(() => {
    const element = host.current;
    element?.addEventListener(insertEvent, onInsert);
    return () => element?.removeEventListener(insertEvent, onInsert);
  }, []);

  const lastShown = useRef(0);
  const point = (event: PointerEvent): void => {
    lastPointer.current = { x: event.clientX, y: event.clientY };
    // About as often as a screen is drawn, divided by two: enough to look alive.
    if (event.timeStamp - lastShown.current < betweenShows) return;
    lastShown.current = event.timeStamp;
    presence.show({ cursor: at(event) });
  };
  const lastPointer = useRef<{ x: number; y: number } | null>(null);

  const onNodeDoubleClick = useStable((_: ReactMouseEvent, node: AnyNode): void => {
    const type = types.get(definition.nodes.find(({ id }) => id === node.id)?.type ?? '');
    if (type?.kind === 'department') ui.setState({ ...nothingSelected, level: node.id });
  });
  const onNodesChange = useStable(edits.onNodesChange);
  const onEdgesChange = useStable(edits.onEdgesChange);
  const onDragStart = useStable((): void => {
    ui.setState({ dragging: true });
    const end = new AbortController();
    // Whatever becomes of the drag, it is over when the pointer is up.
    for (const kind of ['pointerup', 'pointercancel'])
      addEventListener(
        kind,
        () => {
          end.abort();
          ui.setState({ dragging: false });
        },
        { signal: end.signal },
      );
  });
  const onDragStop = useStable((event: MouseEvent | TouchEvent | ReactMouseEvent): void =>
    edits.onDragStop(
      plan,
      edges,
      at('clientX' in event ? event : (event.changedTouches[0] ?? { clientX: 0, clientY: 0 })),
    ),
  );
  const isValidConnection: IsValidConnection<CanvasEdge> = useStable((connection) =>
    edits.canConnect({ sourceHandle: null, targetHandle: null, ...connection }),
  );
  const onConnect = useStable(edits.onConnect);
  const onConnectEnd = useStable((event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    if (state.isValid || readOnly || !state.fromNode || state.fromHandle?.type === 'target') return;
    const where = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!where) return;
    if (edits.dropEdge(state, plan, at(where))) return;
    // Let go over nothing: what comes next is chosen right there.
    openQuickAdd({
      at: at(where),
      screen: { x: where.clientX, y: where.clientY },
      from: { node: state.fromNode.id, port: state.fromHandle?.id ?? 'out' },
      parentId: session.store.getNode(state.fromNode.id)?.parentId,
    });
  });
  const onMoveStart = useStable((event: MouseEvent | TouchEvent | null): void => {
    if (event) ui.setState({ following: null });
  });
  const hints = useMemo(
    () => ({
      'node.a11yDescription.default': t('editor.canvas.nodeHint'),
      'node.a11yDescription.keyboardDisabled': t('editor.canvas.nodeHint'),
      'edge.a11yDescription.default': t('editor.canvas.edgeHint'),
    }),
    [t],
  );

  return (
    <div
      ref={host}
      className="graph-canvas editing"
      data-detail={detail}
      data-inside={level === null ? undefined : ''}
      role="region"
      aria-label={t('editor.canvas.label')}
      data-canvas=""
      onPointerMove={point}
      onPointerLeave={() => {
        lastPointer.current = null;
        presence.show({ cursor: null });
      }}
      onKeyDownCapture={(event) => {
        const note = noteAt(event.target);
        if (event.key !== 'Enter' || event.shiftKey || readOnly || note === null) return;
        event.preventDefault();
        event.stopPropagation();
        ui.setState({ ...nothingSelected, notes: [note], writing: note });
      }}
      onKeyDown={(event) => {
        // At the cursor by typing: the list opens where the pointer is.
        if (event.key !== '/' || readOnly || isWriting(event.target)) return;
        event.preventDefault();
        event.stopPropagation();
        const box = host.current?.getBoundingClientRect();
        const screen = lastPointer.current ?? {
          x: (box?.left ?? 0) + (box?.width ?? 0) / 2,
          y: (box?.top ?? 0) + (box?.height ?? 0) / 3,
        };
        openQuickAdd({ screen, at: flow.screenToFlowPosition(screen) });
      }}
    >
      <ArrowHeads />
      <DetailProvider value={detail}>
        <EdgeInHandProvider value={edgeInHand}>
          <ReactFlow<AnyNode, (typeof edges)[number]>
            nodes={nodes}
            edges={ownEdges}
            nodeTypes={nodeKinds}
            edgeTypes={edgeKinds}
            onNodesChange={onNodesChange}
            onEdgesChange={onEdgesChange}
            onNodeDragStart={onDragStart}
            onNodeDragStop={onDragStop}
            onSelectionDragStart={onDragStart}
            onSelectionDragStop={onDragStop}
            onNodeDoubleClick={onNodeDoubleClick}
            isValidConnection={isValidConnection}
            onConnect={onConnect}
            onConnectEnd={onConnectEnd}
            onPaneClick={(event) => {
              const edge = edgeAt(plan, restingEdges, at(event));
              ui.setState({ ...nothingSelected, ...(edge && { edges: [edge.id] }), quickAdd: null });
            }}
            onDoubleClick={(event) => {
              if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
              openQuickAdd({ at: at(event), screen: { x: event.clientX, y: event.clientY } });
            }}
            onDragOver={(event) => {
              if (!event.dataTransfer.types.includes(draggedType.mime)) return;
              event.preventDefault();
              event.dataTransfer.dropEffect = 'copy';
            }}
            onDrop={(event) => {
              const type = draggedType.read(event.dataTransfer);
              if (!type || readOnly) return;
              event.preventDefault();
              const place = at(event);
              const edgeId = edgeAt(plan, edges, place)?.id;
              insertNode(session, type, { at: place, ...(edgeId && { edgeId }), ...(level && { parentId: level }) });
            }}
            onMoveStart={onMoveStart}
            nodesDraggable={!readOnly}
            nodesConnectable={!readOnly}
            edgesReconnectable={false}
            connectionLineType={ConnectionLineType.SmoothStep}
            connectionRadius={28}
            connectOnClick={!readOnly}
            // What begins the work stands at the upper edge, where the canvas moves on while an edge is drawn: not away from under the hand.
            autoPanSpeed={5}
            selectionMode={SelectionMode.Partial}
            multiSelectionKeyCode={multi}
            selectionKeyCode="Shift"
            deleteKeyCode={null}
            zoomOnDoubleClick={false}
            snapToGrid
            snapGrid={snap}
            minZoom={0.1}
            maxZoom={1.5}
            onlyRenderVisibleElements
            elevateNodesOnSelect={false}
            disableKeyboardA11y={false}
            ariaLabelConfig={hints}
          >
            <Dots />
            <RestingEdges edges={restingEdges} coming={coming} />
            <KeepInView bounds={plan.bounds} once={level ?? 'top'} />
            {resting.length >= mapFrom && (
              <StepMap items={map} theirs={theirs} mine={edits.inHand} label={t('editor.canvas.map')} />
            )}
            <Cursors />
            {traffic && (
              <Suspense fallback={null}>
                <LiveTraffic />
              </Suspense>
            )}
            <Dock bounds={plan.bounds}>
              <CanvasTools />
            </Dock>
          </ReactFlow>
        </EdgeInHandProvider>
      </DetailProvider>
      <Breadcrumb />
      {definition.nodes.length === 0 && (
        <div className="canvas-empty">
          <p>{t(readOnly ? 'editor.canvas.emptyReadOnly' : 'editor.canvas.empty')}</p>
          {!readOnly && level === null && (
            <Suspense fallback={null}>
              <StartFrom />
            </Suspense>
          )}
        </div>
      )}
    </div>
  );
}

const nothingComes: readonly MapItem[] = [];

/** Steps that are not among those on the canvas yet. */
function comingOf(map: readonly MapItem[], all: readonly AnyNode[], arrived: readonly AnyNode[]): readonly MapItem[] {
  if (arrived.length === all.length) return nothingComes;
  const there = new Set(arrived.map(({ id }) => id));
  return map.filter(({ id }) => !there.has(id));
}

const isWriting = (target: EventTarget): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** The note that has the focus itself, not something in it. */
const noteAt = (target: EventTarget): string | null =>
  target instanceof HTMLElement && target.classList.contains('react-flow__node-note')
    ? (target.dataset['id'] ?? null)
    : null;
