import { useReactFlow, type FinalConnectionState, type IsValidConnection } from '@xyflow/react';
import type { DragEvent, MouseEvent as ReactMouseEvent } from 'react';
import { insertNode } from '../editor/insertNode.js';
import { useSessionOf, useUi } from '../editor/session.js';
import { nothingSelected } from '../editor/uiState.js';
import { draggedType } from '../palette/dragType.js';
import type { AnyNode, CanvasEdge } from './drawing.js';
import type { Plan } from './layout.js';
import type { Point } from './routes.js';
import type { MapItem } from './StepMap.js';
import { contains, edgeAt, loopAt, type useCanvasEdits } from './useCanvasEdits.js';
import type { Addition } from './useQuickAdd.js';
import { useStable } from './useStable.js';

interface Handled {
  readonly plan: Plan;
  readonly edges: CanvasEdge[];
  /** Those of them that are no elements of their own. */
  readonly restingEdges: readonly CanvasEdge[];
  /** Steps that are not on the canvas yet, and how to have them there now. */
  readonly coming: readonly MapItem[];
  readonly bringAll: () => void;
  readonly edits: ReturnType<typeof useCanvasEdits>;
  readonly openQuickAdd: (add: Addition) => void;
}

const endEvents = ['pointerup', 'pointercancel'] as const;

/** What the hand does on the canvas, as React Flow tells of it. What it compares by identity stays the same. */
export function useHandling({ plan, edges, restingEdges, coming, bringAll, edits, openQuickAdd }: Handled) {
  const session = useSessionOf();
  const { ui, types, store, readOnly } = session;
  const level = useUi((state) => state.level);
  const flow = useReactFlow();
  const at = (event: { clientX: number; clientY: number }): Point =>
    flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });

  const onNodesChange = useStable(edits.onNodesChange);
  const onEdgesChange = useStable(edits.onEdgesChange);
  const onConnect = useStable(edits.onConnect);
  const onNodeDoubleClick = useStable((_: ReactMouseEvent, { id }: AnyNode): void => {
    if (types.get(store.getNode(id)?.type ?? '')?.kind === 'department') ui.setState({ ...nothingSelected, level: id });
  });
  const onDragStart = useStable((): void => {
    ui.setState({ dragging: true });
    const end = new AbortController();
    // Whatever becomes of the drag, it is over when the pointer is up.
    const over = (): void => {
      end.abort();
      ui.setState({ dragging: false });
    };
    for (const kind of endEvents) addEventListener(kind, over, { signal: end.signal });
  });
  const onDragStop = useStable((event: MouseEvent | TouchEvent | ReactMouseEvent): void => {
    const pointer = 'clientX' in event ? event : (event.changedTouches[0] ?? { clientX: 0, clientY: 0 });
    edits.onDragStop(plan, edges, at(pointer));
  });
  const isValidConnection: IsValidConnection<CanvasEdge> = useStable((connection) =>
    edits.canConnect({ sourceHandle: null, targetHandle: null, ...connection }),
  );
  const onConnectEnd = useStable((event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    if (state.isValid || readOnly || !state.fromNode || state.fromHandle?.type === 'target') return;
    const where = 'changedTouches' in event ? event.changedTouches[0] : event;
    if (!where || edits.dropEdge(state, plan, at(where))) return;
    // Let go over nothing: what comes next is chosen right there.
    openQuickAdd({
      at: at(where),
      screen: { x: where.clientX, y: where.clientY },
      from: { node: state.fromNode.id, port: state.fromHandle?.id ?? 'out' },
      parentId: store.getNode(state.fromNode.id)?.parentId,
    });
  });
  const onMoveStart = useStable((event: MouseEvent | TouchEvent | null): void => {
    if (event) ui.setState({ following: null });
  });

  return {
    onNodesChange,
    onEdgesChange,
    onNodeDragStart: onDragStart,
    onNodeDragStop: onDragStop,
    onSelectionDragStart: onDragStart,
    onSelectionDragStop: onDragStop,
    // The frame chooses among what is there.
    onSelectionStart: bringAll,
    onNodeDoubleClick,
    isValidConnection,
    onConnect,
    onConnectEnd,
    onMoveStart,
    onPaneClick(event: ReactMouseEvent): void {
      const place = at(event);
      const step = coming.findLast(({ kind, box }) => kind !== 'map-note' && contains(box, place));
      const edge = step ? undefined : edgeAt(plan, restingEdges, place);
      ui.setState({
        ...nothingSelected,
        ...(edge && { edges: [edge.id] }),
        quickAdd: null,
      });
      if (step) onNodesChange([{ type: 'select', id: step.id, selected: true }]);
    },
    onDoubleClick(event: ReactMouseEvent): void {
      if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
      openQuickAdd({ at: at(event), screen: { x: event.clientX, y: event.clientY } });
    },
    onDragOver(event: DragEvent): void {
      if (!event.dataTransfer.types.includes(draggedType.mime)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDrop(event: DragEvent): void {
      const type = draggedType.read(event.dataTransfer);
      if (!type || readOnly) return;
      event.preventDefault();
      const place = at(event);
      const edgeId = edgeAt(plan, edges, place)?.id;
      const parentId = loopAt(session, plan, place) ?? level;
      insertNode(session, type, { at: place, ...(edgeId && { edgeId }), ...(parentId && { parentId }) });
    },
  };
}
