import * as Y from 'yjs';
import { definitionSchema, type Definition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf } from '#engine/graph/document/shape.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { outputsOf } from '#engine/graph/ports.js';
import { graph } from '#engine/graph/testing/graph.js';
import { publicNodes } from '#nodes/registry.js';
import { kindsOf } from '../../editor/src/document/kinds.js';
import { connect, disconnect } from '../../editor/src/document/operations/edges.js';
import { group } from '../../editor/src/document/operations/group.js';
import { ungroup } from '../../editor/src/document/operations/ungroup.js';
import { insertOnEdge } from '../../editor/src/document/operations/insert.js';
import { addNode, moveNodes, removeNodes } from '../../editor/src/document/operations/nodes.js';
import { setConfig, setNodeOption, setSettings, setTitle } from '../../editor/src/document/operations/options.js';
import { duplicate } from '../../editor/src/document/operations/paste.js';
import type { Editor } from './documentPeers.js';

const types = publicNodes();
const kinds = kindsOf(types);

/** Numbers from 0 up to 1, the same ones for the same start. mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A small department that can be published. */
export const smallDepartment = (): Definition =>
  graph()
    .node('start', 'trigger.manual')
    .node('a', 'data.set', { values: [{ name: 'x', value: 1 }] })
    .node('if', 'logic.if', { condition: true })
    .node('b', 'data.set', { values: [{ name: 'y', value: '{{ steps.a.x }}' }] })
    .edges('start>a', 'a>if', 'if.yes>b')
    .build();

/** One edit by somebody: mostly what the editor does, now and then what only another program would. */
export function editSomehow(
  { doc, history, definition }: Pick<Editor, 'doc' | 'history' | 'definition'>,
  random: () => number,
): void {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const ids = definition.nodes.map(({ id }) => id);
  const node = pick(definition.nodes);
  const [one, other] = [pick(ids) ?? 'none', pick(ids) ?? 'none'];
  const edge = pick(definition.edges)?.id ?? 'none';
  const place = { x: Math.round(random() * 900), y: Math.round(random() * 600) };
  const type = pick(['data.set', 'logic.if', 'logic.join', 'logic.subDepartment', 'trigger.manual']) ?? 'data.set';
  const port = node ? (pick(kinds.waysOut(node) ?? []) ?? 'out') : 'out';
  const few = ids.length < 40;
  const moves: (() => unknown)[] = [
    () => few && addNode(doc, { type, position: place, parentId: random() < 0.2 ? one : undefined }),
    () => removeNodes(doc, [one], { rejoin: random() < 0.7 }),
    () => moveNodes(doc, new Map([[one, place]])),
    () => setTitle(doc, one, `T${Math.floor(random() * 99)}`),
    () => setConfig(doc, one, ['values', 0, 'value'], `{{ steps.${other}.x }}`),
    () => setTitle(doc, one, `${node?.title ?? ''}${Math.floor(random() * 9)}`, random() < 0.5 ? '' : node?.title),
    () =>
      setConfig(doc, one, ['values', 0, 'name'], `n${Math.floor(random() * 9)}`, { seen: 'v', whole: random() < 0.3 }),
    () => setConfig(doc, one, 'label', random() < 0.3 ? undefined : `l${Math.floor(random() * 9)}`, { seen: '' }),
    () => setConfig(doc, one, 'values', [{ name: 'v', value: random() }]),
    () => setConfig(doc, one, 'condition', random() < 0.5),
    () => setNodeOption(doc, one, 'onError', pick(['stop', 'continue', 'route'] as const)),
    () => setNodeOption(doc, one, 'parentId', random() < 0.5 ? other : undefined),
    () => connect(doc, { node: node?.id ?? one, port }, { node: other, port: 'in' }),
    () => connect(doc, { node: node?.id ?? one, port }, { node: other, port: 'in' }),
    () => disconnect(doc, [edge]),
    () => few && insertOnEdge(doc, edge, { type: 'data.set', position: place }),
    () => few && duplicate(doc, [one, other]),
    () => few && group(doc, [one, other], { group: 'G', inputs: 'I', outputs: 'O', wayOf: ({ port }) => port }, kinds),
    () => ungroup(doc, one, kinds),
    () => setSettings(doc, { maxSteps: Math.floor(random() * 100) }),
    () => history.undo(),
    () => history.redo(),
    () => random() < 0.1 && writeDefinition(doc, smallDepartment(), 'restore'),
    () => random() < 0.2 && nodesOf(doc).set('junk', random() < 0.5 ? 'text' : new Y.Map([['type', 7]] as never)),
    () => random() < 0.2 && edgesOf(doc).set('junk', new Y.Map([['from', { node: one, port: 'x' }]] as never)),
  ];
  pick(moves)?.();
}

/** What must hold of whatever is published, said again without `validate`. */
export function faultsOf(definition: Definition): string[] {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const faults: string[] = [];
  if (!definitionSchema.safeParse(definition).success) faults.push('shape');
  if (nodes.size < definition.nodes.length) faults.push('two of one id');
  for (const { id, parentId, type } of definition.nodes) {
    if (!types.some((each) => each.type === type)) faults.push(`type of ${id}`);
    const parent = parentId === undefined ? undefined : nodes.get(parentId);
    if (parentId !== undefined && !(parent && kinds.isContainer(parent))) faults.push(`container of ${id}`);
    const seen = new Set<string>();
    for (let at = parent; at; at = at.parentId === undefined ? undefined : nodes.get(at.parentId)) {
      if (seen.has(at.id)) return [...faults, `containers in a circle: ${id}`];
      seen.add(at.id);
    }
  }
  const next = new Map<string, string[]>();
  for (const { from, to } of definition.edges) {
    const [source, target] = [nodes.get(from.node), nodes.get(to.node)];
    if (!source || !target) faults.push('an edge in the air');
    else if (source.parentId !== target.parentId) faults.push('an edge across levels');
    else if (kinds.isTrigger(target)) faults.push('an edge into a trigger');
    else {
      const sourceType = types.find((each) => each.type === source.type);
      if (sourceType && !outputsOf(sourceType, source.config, source.onError).some(({ name }) => name === from.port))
        faults.push(`no port ${from.port}`);
    }
    next.set(from.node, [...(next.get(from.node) ?? []), to.node]);
  }
  const state = new Map<string, 'open' | 'done'>();
  const walk = (id: string): void => {
    if (state.get(id) === 'open') faults.push('a circle');
    if (state.has(id)) return;
    state.set(id, 'open');
    for (const each of next.get(id) ?? []) walk(each);
    state.set(id, 'done');
  };
  for (const id of nodes.keys()) walk(id);
  return faults;
}
