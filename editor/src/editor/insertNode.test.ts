import { describe, expect, it } from 'vitest';
import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import { publicNodes } from '#nodes/registry.js';
import { EditorDriver } from '#tests/support/documentPeers.js';
import { boxesOf } from '../canvas/boxes.js';
import { kindsOf } from '../document/kinds.js';
import { fragmentOf } from '../document/fragment.js';
import { group } from '../document/operations/group.js';
import { duplicate, paste } from '../document/operations/paste.js';
import { ungroup } from '../document/operations/ungroup.js';
import { placesBehind } from './addPlaces.js';
import { insertAfterSelection, insertBehind, insertNode } from './insertNode.js';
import type { EditorSession } from './session.js';
import { createUiStore, select } from './uiState.js';
import { withRoom } from './withRoom.js';

const nodeTypes = publicNodes();
const types = new Map(nodeTypes.map((type) => [type.type, type]));
const kinds = kindsOf(nodeTypes);
const titles = { group: 'Setor', inputs: 'Entradas', outputs: 'Saídas', wayOf: ({ port }: { port: string }) => port };

/** A number below `below`, the same ones for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function sessionOf(definition: Definition): EditorSession {
  const { doc, store, history } = new EditorDriver(definition, 1).at(0);
  return { doc, store, history, types, kinds, nodeTypes, ui: createUiStore() } as unknown as EditorSession;
}

/** Steps strewn over the canvas, some in loops and in a sub-department, some locked, some on top of each other. */
function strewn(roll: (below: number) => number): Definition {
  const nodes: NodeDefinition[] = [];
  const edges: Definition['edges'] = [];
  const put = (id: string, type: string, parentId?: string): void => {
    const spread = parentId ? { x: 16 + roll(4) * 120, y: 46 + roll(4) * 70 } : { x: roll(8) * 130, y: roll(9) * 80 };
    const locked = roll(6) === 0;
    nodes.push({
      id,
      type,
      version: 1,
      config: {},
      position: spread,
      ...(locked && { locked }),
      ...(parentId && { parentId }),
    });
  };
  put('start', 'trigger.manual');
  const kindsOfSteps = ['data.set', 'logic.if', 'logic.loop', 'logic.forEach', 'logic.subDepartment', 'data.set'];
  const parents: (string | undefined)[] = [undefined, undefined, undefined];
  for (let index = 0; index < 14; index += 1) {
    const type = kindsOfSteps[roll(kindsOfSteps.length)] ?? 'data.set';
    const parentId = parents[roll(parents.length)];
    put(`s${index}`, type, parentId);
    if (['logic.loop', 'logic.forEach', 'logic.subDepartment'].includes(type)) parents.push(`s${index}`);
    const before = nodes.filter((node) => node.parentId === parentId && node.id !== `s${index}`);
    const from = before[roll(before.length)];
    const [port] = from ? (kinds.waysOut(from) ?? []) : [];
    if (from && port)
      edges.push({ id: `e${index}`, from: { node: from.id, port }, to: { node: `s${index}`, port: 'in' } });
  }
  return { schemaVersion: 1, nodes, edges, settings: {} } as unknown as Definition;
}

/** Pairs of one level that stand on each other, but for those both of which nobody may move. */
function overlaps({ nodes, ...rest }: Definition): Set<string> {
  const boxes = boxesOf({ nodes, ...rest }, types);
  const found = new Set<string>();
  for (const [index, one] of nodes.entries())
    for (const other of nodes.slice(index + 1)) {
      const [a, b] = [boxes.get(one.id), boxes.get(other.id)];
      if (!a || !b || one.parentId !== other.parentId || (one.locked && other.locked)) continue;
      const apart = a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
      if (!apart) found.add([one.id, other.id].toSorted().join(' '));
    }
  return found;
}

/** Something that a person does, and how it is called when it goes wrong. */
function act(session: EditorSession, roll: (below: number) => number): string {
  const { nodes, edges } = session.store.getSnapshot().definition;
  const node = nodes[roll(nodes.length)];
  const edge = edges[roll(edges.length)];
  const type = ['data.set', 'logic.if', 'logic.loop', 'trigger.manual'][roll(4)] ?? 'data.set';
  const at = { x: roll(1_100), y: roll(800) };
  const parentId = node?.parentId;
  switch (roll(8)) {
    case 0:
      insertNode(session, type, { at, ...(parentId && { parentId }) });
      return `put ${type} down in ${parentId}`;
    case 1:
      insertNode(session, type, { at, ...(edge && { edgeId: edge.id }) });
      return `put ${type} on ${edge?.from.node}>${edge?.to.node}`;
    case 2:
      select(session.ui, node ? [node.id] : []);
      insertAfterSelection(session, type);
      return `add ${type} after ${node?.id}`;
    case 3:
      session.ui.setState({ nodes: [], edges: edge ? [edge.id] : [] });
      insertAfterSelection(session, type);
      return `add ${type} between ${edge?.from.node}>${edge?.to.node}`;
    case 4: {
      const places = placesBehind(session, node?.id ?? '');
      const place = places[roll(places.length)];
      if (node && place && type !== 'trigger.manual') insertBehind(session, type, node.id, place);
      return `add ${type} behind ${node?.id} by ${place?.port}`;
    }
    case 5:
      withRoom(session, () => duplicate(session.doc, node ? [node.id] : []));
      return `copy ${node?.id}`;
    case 6: {
      const fragment = fragmentOf(session.store.getSnapshot().definition, [node?.id ?? '', nodes[0]?.id ?? '']);
      if (fragment) withRoom(session, () => paste(session.doc, fragment, { at }));
      return `paste ${node?.id}`;
    }
    default:
      if (node && kinds.isContainer(node)) withRoom(session, () => ungroup(session.doc, node.id, kinds), true);
      else withRoom(session, () => group(session.doc, node ? [node.id] : [], titles, kinds), true);
      return `group or ungroup ${node?.id}`;
  }
}

describe('what is put in', () => {
  const seeds = Array.from({ length: 8 }, (_, index) => index + 1);

  it('stands on nothing, and pushes nothing onto anything', () => {
    for (const seed of seeds) {
      const roll = dice(seed);
      const session = sessionOf(strewn(roll));
      for (let turn = 0; turn < 12; turn += 1) {
        const { definition: before } = session.store.getSnapshot();
        const known = overlaps(before);
        const parents = new Map(before.nodes.map(({ id, parentId }) => [id, parentId]));
        const did = act(session, roll);
        const { definition: after } = session.store.getSnapshot();
        // What came to another level came together: how it stands among itself is the maker's.
        const came = new Set(
          after.nodes.filter(({ id, parentId }) => parents.has(id) && parents.get(id) !== parentId).map(({ id }) => id),
        );
        const fresh = [...overlaps(after)].filter((pair) => {
          const [one = '', other = ''] = pair.split(' ');
          const together = !parents.has(one) || came.has(one) ? !parents.has(other) || came.has(other) : false;
          return !known.has(pair) && !together;
        });
        expect(fresh, `seed ${seed}, turn ${turn}: ${did}`).toEqual([]);
      }
    }
  });

  it('in the midst of an edge in a loop stands in the loop, where it was let go', () => {
    const at = (id: string, x: number, y: number, rest = {}) => ({
      id,
      type: 'data.set',
      version: 1,
      config: {},
      position: { x, y },
      ...rest,
    });
    const inside = { parentId: 'loop' };
    const session = sessionOf({
      schemaVersion: 1,
      nodes: [at('loop', 400, 300, { type: 'logic.loop' }), at('a', 16, 46, inside), at('b', 16, 300, inside)],
      edges: [{ id: 'e', from: { node: 'a', port: 'out' }, to: { node: 'b', port: 'in' } }],
      settings: {},
    } as unknown as Definition);
    const id = insertNode(session, 'data.set', { at: { x: 514, y: 500 }, edgeId: 'e' });
    expect(session.store.getNode(id ?? '')).toMatchObject({ parentId: 'loop', position: { x: 16, y: 173 } });
  });

  it('is one step back with all that moved for it', () => {
    const session = sessionOf(strewn(dice(3)));
    const before = JSON.stringify(session.store.getSnapshot().definition);
    select(session.ui, ['start']);
    insertAfterSelection(session, 'data.set');
    expect(JSON.stringify(session.store.getSnapshot().definition)).not.toBe(before);
    session.history.undo();
    expect(JSON.stringify(session.store.getSnapshot().definition)).toBe(before);
  });
});
