import { ConnectionLineType, ReactFlow, SelectionMode, useStore } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { lazy, Suspense, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeers, useSessionOf, useUi } from '../editor/session.js';
import './canvas.css';
import './editor.css';
import { Breadcrumb } from './Breadcrumb.js';
import { CanvasTools } from './CanvasTools.js';
import { Cursors } from './Cursors.js';
import { Dock, KeepInView } from './DepartmentCanvas.js';
import { detailAt, DetailProvider, EdgeInHandProvider } from './detail.js';
import { Dots } from './Dots.js';
import type { AnyNode } from './drawing.js';
import { EdgeNames } from './EdgeNames.js';
import { EdgeNow } from './EdgeNow.js';
import { EditContainer, EditNode } from './EditNode.js';
import { EditEdge } from './EditEdge.js';
import { EmptyCanvas } from './EmptyCanvas.js';
import type { LiveRun } from './liveRun.js';
import { useArriving, useComing, useRestingEdges } from './many.js';
import { NoteNode } from './NoteNode.js';
import { RestingEdges } from './RestingEdges.js';
import { ArrowHeads } from './RouteEdge.js';
import { StepMap } from './StepMap.js';
import { useCanvasEdits } from './useCanvasEdits.js';
import { useCanvasKeys } from './useCanvasKeys.js';
import { useGraph } from './useGraph.js';
import { useHandling } from './useHandling.js';
import { useKnownSizes } from './useKnownSizes.js';
import { useHolders, usePeersPlaces, usePlaced } from './usePlaces.js';
import { usePointer } from './usePointer.js';
import { useQuickAdd } from './useQuickAdd.js';
import { useViewCommands } from './useViewCommands.js';
import { STILL_PX } from './still.js';

const LiveTraffic = lazy(async () => ({ default: (await import('../traffic/LiveTraffic.js')).LiveTraffic }));

// React Flow compares these by identity: they must never be made anew.
const nodeKinds = { step: EditNode, container: EditContainer, note: NoteNode };
const edgeKinds = { route: EditEdge };
const snap: [number, number] = [8, 8];
const multi = ['Meta', 'Control', 'Shift'];
/** A small department is seen at once; the map begins to help when it is not. */
const mapFrom = 20;

interface EditorCanvasProps {
  readonly run: LiveRun | null;
  readonly comments: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
}

/** The department to build on. Everything that is done here goes into the shared document and comes back from it. */
export function EditorCanvas({ run, comments, pinned }: EditorCanvasProps) {
  const { readOnly } = useSessionOf();
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const level = useUi((state) => state.level);
  const traffic = useUi((state) => state.traffic);
  const edits = useCanvasEdits();
  const peers = usePeers();
  const held = useHolders(peers);
  const theirs = usePeersPlaces(peers);
  const { definition, nodes: resting, edges, plan, map } = useGraph({ run, held, comments, pinned });
  const { arrived, bringAll } = useArriving(resting);
  const nodes = usePlaced(arrived, theirs, edits.inHand);
  const coming = useComing(map, resting, arrived);
  const detail = useStore(({ transform: [, , zoom] }) => detailAt(zoom));
  const { own: ownEdges, resting: restingEdges } = useRestingEdges(edges, resting, detail, theirs, edits.inHand);
  const edgeInHand = useStore(
    ({ connection, connectionClickStartHandle }) => connection.inProgress || connectionClickStartHandle !== null,
  );
  useKnownSizes();
  useViewCommands(plan);
  const openQuickAdd = useQuickAdd(host);
  const { place, ...pointer } = usePointer(host);
  const keys = useCanvasKeys(openQuickAdd, place);
  const handling = useHandling({ plan, edges, restingEdges, coming, bringAll, edits, openQuickAdd });
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
      tabIndex={-1}
      {...pointer}
      {...keys}
    >
      <ArrowHeads />
      <DetailProvider value={detail}>
        <EdgeInHandProvider value={edgeInHand}>
          <EdgeNames plan={plan} edges={edges} detail={detail}>
            <ReactFlow<AnyNode, (typeof edges)[number]>
              nodes={nodes}
              edges={ownEdges}
              nodeTypes={nodeKinds}
              edgeTypes={edgeKinds}
              {...handling}
              nodesDraggable={!readOnly}
              nodesConnectable={!readOnly}
              edgesReconnectable={false}
              connectionLineType={ConnectionLineType.SmoothStep}
              nodeDragThreshold={STILL_PX}
              nodeClickDistance={STILL_PX}
              paneClickDistance={STILL_PX}
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
          </EdgeNames>
        </EdgeInHandProvider>
      </DetailProvider>
      <EdgeNow edges={edges} />
      <Breadcrumb />
      {definition.nodes.length === 0 && <EmptyCanvas />}
    </div>
  );
}
