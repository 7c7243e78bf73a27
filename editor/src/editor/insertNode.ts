import type { NodeDefinition } from '#engine/graph/definition.js';
import { connect } from '../document/operations/edges.js';
import { insertOnEdge } from '../document/operations/insert.js';
import { addNode, moveNodes, type Place } from '../document/operations/nodes.js';
import { nodeSize, opensInPlace } from '../canvas/layout.js';
import type { PlaceBehind } from './addPlaces.js';
import type { EditorSession } from './session.js';
import { select, show } from './uiState.js';

/** Where a new step goes. `at` is where its middle should be, on the canvas. */
export interface InsertPlace {
  readonly at: Place;
  readonly edgeId?: string;
  readonly from?: { readonly node: string; readonly port: string };
  readonly parentId?: string;
}

const below = 64;

/** Puts a step of a type on the canvas, joined to what it was drawn from, and selects it. Returns its id; `null` for a type nobody has. */
export function insertNode(session: EditorSession, type: string, place: InsertPlace): string | null {
  const { doc, types, kinds, history, ui } = session;
  const nodeType = types.get(type);
  if (!nodeType) return null;
  const isTrigger = nodeType.kind === 'trigger';
  const parentId = isTrigger ? undefined : place.parentId;
  const around = cornerOf(session, parentId);
  const position = { x: place.at.x - nodeSize.width / 2 - around.x, y: place.at.y - nodeSize.height / 2 - around.y };
  const node = { type, version: nodeType.version, position, ...(parentId && { parentId }) };
  const made: NodeDefinition = { id: '', config: {}, ...node };
  history.begin();
  try {
    const [out] = kinds.waysOut(made) ?? [];
    if (place.edgeId && !isTrigger) {
      const inserted = insertOnEdge(doc, place.edgeId, node, {
        ...(out !== undefined && { out }),
        hasOut: out !== undefined,
      });
      if (inserted) {
        makeRoom(session, inserted.nodeId);
        select(ui, [inserted.nodeId]);
        return inserted.nodeId;
      }
    }
    const id = addNode(doc, node);
    if (place.from && !isTrigger) connect(doc, place.from, { node: id, port: 'in' });
    select(ui, [id]);
    return id;
  } finally {
    history.end();
  }
}

/** After the selected step: at its first free way out, or between it and what follows. Without a selection below everything. */
export function insertAfterSelection(session: EditorSession, type: string): string | null {
  const { store, ui, kinds, types } = session;
  const { nodes, edges, level } = ui.getState();
  const [edgeId] = edges;
  const isTrigger = types.get(type)?.kind === 'trigger';
  const after = nodes.length === 1 && nodes[0] ? store.getNode(nodes[0]) : undefined;
  const parentId = after?.parentId ?? level ?? undefined;
  const within = parentId ? { parentId } : {};
  let id: string | null;
  if (edgeId && nodes.length === 0) {
    const edge = store.getEdges().find((each) => each.id === edgeId);
    const [from, to] = [edge && placeOf(session, edge.from.node), edge && placeOf(session, edge.to.node)];
    if (!from || !to) return null;
    const inside = store.getNode(edge?.from.node ?? '')?.parentId;
    id = insertNode(session, type, {
      edgeId,
      at: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 },
      ...(inside && { parentId: inside }),
    });
  } else if (after && !isTrigger) {
    const leaving = store.getEdges().filter(({ from }) => from.node === after.id);
    const ports = kinds.waysOut(after) ?? [];
    const free = ports.find((port) => !leaving.some(({ from }) => from.port === port));
    const at = placeOf(session, after.id) ?? { x: 0, y: 0 };
    const [only] = leaving;
    // Every way out leads somewhere: it goes in on the first of them.
    if (free === undefined && only) {
      id = insertNode(session, type, {
        edgeId: only.id,
        at: { x: at.x, y: at.y + nodeSize.height + below },
        ...within,
      });
    } else {
      const place = freeSpot(session, { x: at.x, y: at.y + nodeSize.height + below }, parentId);
      id = insertNode(session, type, {
        at: place,
        ...(free !== undefined && { from: { node: after.id, port: free } }),
        ...within,
      });
    }
  } else {
    id = insertNode(session, type, {
      at: freeSpot(session, bottomOf(session, level), level ?? undefined),
      ...(level && { parentId: level }),
    });
  }
  if (id) show(ui, [id], level);
  return id;
}

/** Behind a step, in a place of `placesBehind`: into the edge that is there, or as a branch of its own. */
export function insertBehind(session: EditorSession, type: string, after: string, place: PlaceBehind): string | null {
  const { store, ui } = session;
  const { port, edge } = place;
  const parentId = store.getNode(after)?.parentId;
  const at = placeOf(session, after) ?? { x: 0, y: 0 };
  const under = { x: at.x, y: at.y + nodeSize.height + below };
  const id = insertNode(session, type, {
    ...(edge
      ? { edgeId: edge.id, at: under }
      : { from: { node: after, port }, at: freeSpot(session, under, parentId) }),
    ...(parentId && { parentId }),
  });
  if (id) show(ui, [id], ui.getState().level);
  return id;
}

/** The middle of a step, on the canvas of the open level. */
function placeOf(session: EditorSession, id: string): Place | null {
  const node = session.store.getNode(id);
  if (!node) return null;
  const around = cornerOf(session, node.parentId);
  return { x: around.x + node.position.x + nodeSize.width / 2, y: around.y + node.position.y + nodeSize.height / 2 };
}

/** The corner from which what is in a container is measured, on the canvas of the open level. */
function cornerOf({ store, types }: EditorSession, parentId: string | undefined): Place {
  let [x, y] = [0, 0];
  let id = parentId;
  for (let depth = 0; id !== undefined && depth < 50; depth += 1) {
    const node = store.getNode(id);
    if (!node || !opensInPlace(types.get(node.type))) break;
    x += node.position.x;
    y += node.position.y;
    id = node.parentId;
  }
  return { x, y };
}

function siblings({ store }: EditorSession, parentId: string | undefined): NodeDefinition[] {
  return store.getSnapshot().definition.nodes.filter((node) => node.parentId === parentId);
}

function bottomOf(session: EditorSession, level: string | null): Place {
  const all = siblings(session, level ?? undefined);
  if (all.length === 0) return { x: nodeSize.width / 2, y: nodeSize.height / 2 };
  const lowest = all.reduce((a, b) => (b.position.y > a.position.y ? b : a));
  return { x: lowest.position.x + nodeSize.width / 2, y: lowest.position.y + nodeSize.height * 1.5 + below };
}

/** The nearest place to the right of where it should go that nothing stands on. */
function freeSpot(session: EditorSession, wanted: Place, parentId: string | undefined): Place {
  const taken = siblings(session, parentId).flatMap(({ id }) => placeOf(session, id) ?? []);
  let at = wanted;
  const hit = (): boolean =>
    taken.some(({ x, y }) => Math.abs(x - at.x) < nodeSize.width + 16 && Math.abs(y - at.y) < nodeSize.height + 16);
  for (let tries = 0; tries < 200 && hit(); tries += 1) at = { x: at.x + nodeSize.width + 32, y: at.y };
  return at;
}

/** What stands on or below a step that was put in between, and hangs on it, moves down as far as it needs. */
function makeRoom(session: EditorSession, id: string): void {
  const { doc, store } = session;
  const node = store.getNode(id);
  if (!node) return;
  const edges = store.getEdges();
  const moved = new Map<string, Place>();
  const push = (from: string, bottom: number): void => {
    for (const { to } of edges.filter((edge) => edge.from.node === from)) {
      const next = store.getNode(to.node);
      if (!next || moved.has(next.id) || next.position.y >= bottom + 40) continue;
      const y = bottom + below;
      moved.set(next.id, { x: next.position.x, y });
      push(next.id, y + nodeSize.height);
    }
  };
  push(id, node.position.y + nodeSize.height);
  if (moved.size > 0) moveNodes(doc, moved);
}
