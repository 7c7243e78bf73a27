import type { Connection as FlowConnection, EdgeChange, FinalConnectionState, NodeChange } from '@xyflow/react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { connectionRefusal } from '../document/kinds.js';
import { connect, disconnect } from '../document/operations/edges.js';
import { insertOnEdge } from '../document/operations/insert.js';
import { moveNodes, unlocked } from '../document/operations/nodes.js';
import { setNote } from '../document/operations/notes.js';
import { setNodeOption } from '../document/operations/options.js';
import { useSessionOf, type EditorSession } from '../editor/session.js';
import { toast } from '../ui/Toast.js';
import type { AnyNode, CanvasEdge } from './drawing.js';
import { droppedOn } from './dropped.js';
import { opensInPlace } from './boxes.js';
import { type Plan } from './layout.js';
import type { Point } from './routes.js';
import { createPlaces, letGo } from './usePlaces.js';

/** Milliseconds from one word to the others to the next, while something moves. */
export const betweenShows = 33;

/** What is done on the canvas by hand: dragged, selected, connected, dropped on an edge or into a container. */
export function useCanvasEdits() {
  const session = useSessionOf();
  const { doc, store, history, presence, ui, kinds, readOnly } = session;
  const { t } = useTranslation();
  const [inHand] = useState(createPlaces);
  const moving = useRef(new Map<string, Point>());
  const shownAt = useRef(0);

  // To the others about thirty times a second; where it ends they see when it is dropped.
  const showPlaces = (places: ReadonlyMap<string, Point> | null): void => {
    const now = performance.now();
    if (places && now - shownAt.current < betweenShows) return;
    shownAt.current = places ? now : 0;
    presence.show({ dragging: places && Object.fromEntries(places) });
  };

  const onNodesChange = (changes: readonly NodeChange<AnyNode>[]): void => {
    const places = new Map(moving.current);
    const dropped = new Map<string, Point>();
    let selection: Map<string, boolean> | null = null;
    for (const change of changes) {
      if (change.type === 'select') (selection ??= new Map()).set(change.id, change.selected);
      if (change.type !== 'position' || !change.position) continue;
      if (change.dragging) places.set(change.id, change.position);
      else if (!moving.current.has(change.id)) dropped.set(change.id, change.position);
    }
    if (selection) applySelection(selection);
    if (readOnly) return;
    // Moved by the arrow keys: at once, several presses as one step back.
    if (dropped.size > 0) commit(dropped, 'nudge');
    if (places.size > moving.current.size || changes.some((change) => change.type === 'position' && change.dragging)) {
      moving.current = places;
      inHand.setState(places, true);
      showPlaces(places);
    }
  };

  const applySelection = (selection: ReadonlyMap<string, boolean>): void => {
    const notes = store.getSettings().notes ?? {};
    ui.setState((state) => {
      const next = (list: readonly string[], mine: (id: string) => boolean): readonly string[] => {
        const kept = list.filter((id) => selection.get(id) !== false);
        const added = [...selection].filter(([id, on]) => on && mine(id) && !list.includes(id)).map(([id]) => id);
        return added.length > 0 || kept.length !== list.length ? [...kept, ...added] : list;
      };
      return {
        nodes: next(state.nodes, (id) => !(id in notes)),
        notes: next(state.notes, (id) => id in notes),
        // Comments follow the selection; the rest makes room for the step.
        ...([...selection.values()].some(Boolean) && state.side !== 'comments' && { side: 'step' as const }),
      };
    });
  };

  const commit = (places: ReadonlyMap<string, Point>, gesture?: string): void => {
    const notes = store.getSettings().notes ?? {};
    history.begin();
    moveNodes(doc, new Map([...places].filter(([id]) => !(id in notes))), gesture);
    for (const [id, at] of places) if (id in notes) setNote(doc, id, { x: Math.round(at.x), y: Math.round(at.y) });
    history.end();
  };

  /** Dropped: where it is now is where it stays, maybe in another container, maybe in the middle of an edge. */
  const onDragStop = (plan: Plan, edges: readonly CanvasEdge[], pointer: Point): void => {
    const places = moving.current;
    moving.current = new Map();
    showPlaces(null);
    if (places.size > 0 && !readOnly) {
      history.begin();
      commit(places);
      const [only] = [...places.keys()];
      intoContainer(plan, [...places.keys()], places, pointer);
      if (places.size === 1 && only !== undefined) ontoEdge(plan, edges, only, pointer);
      history.end();
    }
    letGo(inHand);
  };

  const intoContainer = (
    plan: Plan,
    ids: readonly string[],
    places: ReadonlyMap<string, Point>,
    pointer: Point,
  ): void => {
    const { level } = ui.getState();
    const within = new Set(ids);
    const around = loopAt(session, plan, pointer, (id) => !within.has(id) && !isInside(id, within));
    const target = around ?? level ?? undefined;
    const changed = unlocked(doc, ids).filter((id) => store.getNode(id) && store.getNode(id)?.parentId !== target);
    // A loop grows around what is dragged in it: leaving takes the pointer out of it.
    if (changed.length === 0) return;
    const origin = target ? (plan.boxes.get(target) ?? { x: 0, y: 0 }) : { x: 0, y: 0 };
    const before = (id: string): Point => {
      const parent = store.getNode(id)?.parentId;
      const box = parent && parent !== level ? plan.boxes.get(parent) : undefined;
      return box ?? { x: 0, y: 0 };
    };
    const moved = new Map(
      changed.map((id) => {
        const at = places.get(id) ?? { x: 0, y: 0 };
        const from = before(id);
        const inside = target !== undefined && target !== level;
        const x = at.x + from.x - (inside ? origin.x : 0);
        const y = at.y + from.y - (inside ? origin.y : 0);
        return [id, inside ? { x: Math.max(16, x), y: Math.max(46, y) } : { x, y }] as const;
      }),
    );
    for (const id of changed) setNodeOption(doc, id, 'parentId', target);
    moveNodes(doc, moved);
    const crossing = store.getEdges().filter(({ from, to }) => {
      const [source, end] = [store.getNode(from.node), store.getNode(to.node)];
      return source && end && source.parentId !== end.parentId;
    });
    disconnect(
      doc,
      crossing.map(({ id }) => id),
    );
  };

  const isInside = (id: string, ids: ReadonlySet<string>): boolean => {
    let parent = store.getNode(id)?.parentId;
    for (let depth = 0; parent && depth < 50; depth += 1) {
      if (ids.has(parent)) return true;
      parent = store.getNode(parent)?.parentId;
    }
    return false;
  };

  /** A step without edges that is dropped on an edge goes in between. */
  const ontoEdge = (plan: Plan, edges: readonly CanvasEdge[], nodeId: string, pointer: Point): void => {
    const node = store.getNode(nodeId);
    const free = store.getEdges().every(({ from, to }) => from.node !== nodeId && to.node !== nodeId);
    if (!node || !free || kinds.isTrigger(node)) return;
    const edge = edgeAt(plan, edges, pointer);
    if (!edge || edge.source === nodeId || edge.target === nodeId) return;
    if (store.getNode(edge.source)?.parentId !== node.parentId) return;
    const [out] = kinds.waysOut(node) ?? ['out'];
    insertOnEdge(doc, edge.id, nodeId, { ...(out !== undefined && { out }), hasOut: out !== undefined });
  };

  const refusal = ({
    source,
    sourceHandle,
    target,
    targetHandle,
  }: Pick<FlowConnection, 'source' | 'sourceHandle' | 'target' | 'targetHandle'>) =>
    connectionRefusal(
      store.getSnapshot().definition,
      kinds,
      { node: source, port: sourceHandle ?? 'out' },
      { node: target, port: targetHandle ?? 'in' },
    );

  return {
    inHand,
    onNodesChange,
    onEdgesChange(changes: readonly EdgeChange<CanvasEdge>[]): void {
      const picked = changes.flatMap((change) => (change.type === 'select' ? [change] : []));
      if (picked.length === 0) return;
      ui.setState(({ edges }) => ({
        edges: [
          ...edges.filter((id) => !picked.some((change) => change.id === id && !change.selected)),
          ...picked.filter(({ id, selected }) => selected && !edges.includes(id)).map(({ id }) => id),
        ],
      }));
    },
    onDragStop,
    canConnect: (connection: Parameters<typeof refusal>[0]): boolean => refusal(connection) === null,
    onConnect({ source, sourceHandle, target, targetHandle }: FlowConnection): void {
      connect(doc, { node: source, port: sourceHandle ?? 'out' }, { node: target, port: targetHandle ?? 'in' });
    },
    /** Let go anywhere on a step: joined to its way in, or it is said why not. False over nothing. */
    dropEdge({ fromNode, fromHandle, toNode, toHandle }: FinalConnectionState, plan: Plan, pointer: Point): boolean {
      if (!fromNode) return false;
      const over = droppedOn(store.getSnapshot().definition, plan.boxes, fromNode.id, pointer) ?? toNode?.id;
      if (over === undefined) return false;
      const port = over === toNode?.id && toHandle?.type === 'target' ? toHandle.id : null;
      const [source, target] = [
        { node: fromNode.id, port: fromHandle?.id ?? 'out' },
        { node: over, port: port ?? 'in' },
      ];
      const why = connectionRefusal(store.getSnapshot().definition, kinds, source, target);
      if (why) toast(t(`editor.refused.${why}`), { tone: 'no' });
      else connect(doc, source, target);
      return true;
    },
  };
}

/** The innermost loop around a point; of those that may be. */
export const loopAt = (
  { store, types }: Pick<EditorSession, 'store' | 'types'>,
  plan: Plan,
  point: Point,
  may: (id: string) => boolean = () => true,
): string | undefined =>
  [...plan.boxes]
    .filter(([id, box]) => may(id) && opensInPlace(types.get(store.getNode(id)?.type ?? '')) && contains(box, point))
    .sort(([, a], [, b]) => a.width * a.height - b.width * b.height)[0]?.[0];

export const contains = (box: { x: number; y: number; width: number; height: number }, { x, y }: Point): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

/** The edge that runs through a point, give or take 14 px. */
export function edgeAt(plan: Plan, edges: readonly CanvasEdge[], { x, y }: Point): CanvasEdge | undefined {
  const near = 14;
  return edges.find(({ id }) => {
    const points = plan.routing.routes.get(id)?.points ?? [];
    return points.slice(1).some((to, index) => {
      const from = points[index] ?? to;
      return (
        x >= Math.min(from.x, to.x) - near &&
        x <= Math.max(from.x, to.x) + near &&
        y >= Math.min(from.y, to.y) - near &&
        y <= Math.max(from.y, to.y) + near
      );
    });
  });
}
