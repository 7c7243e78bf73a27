import type { EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { connect } from '../document/operations/edges.js';
import { insertOnEdge } from '../document/operations/insert.js';
import { addNode, type Place } from '../document/operations/nodes.js';
import { boxesOf, nodeSize, opensInPlace } from '../canvas/boxes.js';
import type { Box } from '../canvas/routes.js';
import type { PlaceBehind } from './addPlaces.js';
import type { EditorSession } from './session.js';
import { withRoom } from './withRoom.js';
import { select, show } from './uiState.js';

/** Where a new step goes. `at` is where its middle should be, on the canvas. */
export interface InsertPlace {
  readonly at: Place;
  readonly edgeId?: string;
  readonly from?: { readonly node: string; readonly port: string };
  readonly parentId?: string;
}

/** In px: from a step to one that is put below it, and the least there is between two. */
const below = 64;
const atLeast = 40;

/** Puts a step of a type on the canvas, joined to what it was drawn from, and selects it. Returns its id; `null` for a type nobody has. */
export function insertNode(session: EditorSession, type: string, place: InsertPlace): string | null {
  const { doc, store, types, kinds, ui } = session;
  const nodeType = types.get(type);
  if (!nodeType) return null;
  const isTrigger = nodeType.kind === 'trigger';
  // In the midst of an edge it stands where the edge does.
  const edge = isTrigger ? undefined : store.getEdges().find(({ id }) => id === place.edgeId);
  const parentId = isTrigger ? undefined : edge ? store.getNode(edge.from.node)?.parentId : place.parentId;
  const around = cornerOf(session, parentId);
  const position = { x: place.at.x - nodeSize.width / 2 - around.x, y: place.at.y - nodeSize.height / 2 - around.y };
  const node = { type, version: nodeType.version, position, ...(parentId && { parentId }) };
  const [out] = kinds.waysOut({ id: '', config: {}, ...node }) ?? [];
  const ports = { ...(out !== undefined && { out }), hasOut: out !== undefined };
  const intoEdge = (): string | null => {
    const inserted = edge ? insertOnEdge(doc, edge.id, node, ports) : null;
    return inserted?.nodeId ?? null;
  };
  const made =
    withRoom(session, intoEdge, true) ??
    withRoom(session, () => {
      const id = addNode(doc, node);
      if (place.from && !isTrigger) connect(doc, place.from, { node: id, port: 'in' });
      return id;
    });
  select(ui, [made]);
  return made;
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
    if (!edge) return null;
    const inside = store.getNode(edge.from.node)?.parentId;
    id = insertNode(session, type, { edgeId, at: placeOnEdge(session, edge), ...(inside && { parentId: inside }) });
  } else if (after && !isTrigger) {
    const leaving = store.getEdges().filter(({ from }) => from.node === after.id);
    const ports = kinds.waysOut(after) ?? [];
    const free = ports.find((port) => !leaving.some(({ from }) => from.port === port));
    const [only] = leaving;
    // Every way out leads somewhere: it goes in on the first of them.
    if (free === undefined && only) {
      id = insertNode(session, type, { edgeId: only.id, at: placeOnEdge(session, only), ...within });
    } else {
      id = insertNode(session, type, {
        at: under(session, after),
        ...(free !== undefined && { from: { node: after.id, port: free } }),
        ...within,
      });
    }
  } else {
    id = insertNode(session, type, { at: bottomOf(session, level), ...(level && { parentId: level }) });
  }
  if (id) show(ui, [id], level);
  return id;
}

/** Behind a step, in a place of `placesBehind`: into the edge that is there, or as a branch of its own. */
export function insertBehind(session: EditorSession, type: string, after: string, place: PlaceBehind): string | null {
  const { store, ui } = session;
  const { port, edge } = place;
  const node = store.getNode(after);
  if (!node) return null;
  const { parentId } = node;
  const id = insertNode(session, type, {
    ...(edge
      ? { edgeId: edge.id, at: placeOnEdge(session, edge) }
      : { from: { node: after, port }, at: under(session, node) }),
    ...(parentId && { parentId }),
  });
  if (id) show(ui, [id], ui.getState().level);
  return id;
}

/** Where a step is drawn on the canvas of the open level. */
function boxOf(session: EditorSession, { id, parentId, position }: NodeDefinition): Box {
  const { width, height } = boxesOf(session.store.getSnapshot().definition, session.types).get(id) ?? nodeSize;
  const around = cornerOf(session, parentId);
  return { x: around.x + position.x, y: around.y + position.y, width, height };
}

/** Below a step, for the middle of one that follows it. */
function under(session: EditorSession, node: NodeDefinition): Place {
  const { x, y, width, height } = boxOf(session, node);
  return { x: x + width / 2, y: y + height + below + nodeSize.height / 2 };
}

/** For the middle of a step that goes between two: where there is room, halfway; else in the place of the one that follows, which moves down. */
function placeOnEdge(session: EditorSession, { from, to }: EdgeDefinition): Place {
  const [source, target] = [session.store.getNode(from.node), session.store.getNode(to.node)];
  if (!source || !target) return { x: 0, y: 0 };
  const [above, next] = [boxOf(session, source), boxOf(session, target)];
  const free = next.y - above.y - above.height;
  if (free < 0) return under(session, source);
  const x = next.x + next.width / 2;
  const y =
    free >= nodeSize.height + 2 * atLeast
      ? next.y - free / 2
      : Math.max(next.y, above.y + above.height + below) + nodeSize.height / 2;
  return { x, y };
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

/** Below everything on a level. */
function bottomOf(session: EditorSession, level: string | null): Place {
  const all = session.store.getSnapshot().definition.nodes.filter((node) => (node.parentId ?? null) === level);
  const lowest = all
    .map((node) => boxOf(session, node))
    .reduce<Box | null>((a, b) => (a && a.y + a.height >= b.y + b.height ? a : b), null);
  if (!lowest) return { x: nodeSize.width / 2, y: nodeSize.height / 2 };
  return { x: lowest.x + nodeSize.width / 2, y: lowest.y + lowest.height + below + nodeSize.height / 2 };
}
