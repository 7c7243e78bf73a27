import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { definitionSchema, type Definition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf, readDefinition, readDraft } from '#engine/graph/document/shape.js';
import { leftoversOf, tidy } from '#engine/graph/document/tidy.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { outputsOf } from '#engine/graph/ports.js';
import { graph } from '#engine/graph/testing/graph.js';
import { validate } from '#engine/graph/validate.js';
import { publicNodes } from '#nodes/registry.js';
import { EditorDriver, type Editor } from '#tests/support/documentPeers.js';
import { kindsOf } from './kinds.js';
import { connect, disconnect } from './operations/edges.js';
import { group } from './operations/group.js';
import { ungroup } from './operations/ungroup.js';
import { insertOnEdge } from './operations/insert.js';
import { addNode, moveNodes, removeNodes } from './operations/nodes.js';
import { setConfig, setNodeOption, setSettings, setTitle } from './operations/options.js';
import { duplicate } from './operations/paste.js';

/** `CONVERGENCE_EDITS=100000` is the whole of it. A failure says its seed: `CONVERGENCE_SEED` repeats it. */
const edits = Number(process.env['CONVERGENCE_EDITS'] ?? 2_000);
const seed = Number(process.env['CONVERGENCE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Each round begins with a new draft, of this many edits. */
const ROUND = 1_000;
const types = publicNodes();
const kinds = kindsOf(types);

/** mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const start = (): Definition =>
  graph()
    .node('start', 'trigger.manual')
    .node('a', 'data.set', { values: [{ name: 'x', value: 1 }] })
    .node('if', 'logic.if', { condition: true })
    .node('b', 'data.set', { values: [{ name: 'y', value: '{{ steps.a.x }}' }] })
    .edges('start>a', 'a>if', 'if.yes>b')
    .build();

/** One edit by somebody: mostly what the editor does, now and then what only another program would. */
function editSomehow({ doc, history, definition }: Editor, random: () => number): void {
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
    () => random() < 0.1 && writeDefinition(doc, start(), 'restore'),
    () => random() < 0.2 && nodesOf(doc).set('junk', random() < 0.5 ? 'text' : new Y.Map([['type', 7]] as never)),
    () => random() < 0.2 && edgesOf(doc).set('junk', new Y.Map([['from', { node: one, port: 'x' }]] as never)),
  ];
  pick(moves)?.();
}

/** What must hold of whatever is published, said again without `validate`. */
function faultsOf(definition: Definition): string[] {
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

describe(`${edits} edits at once`, () => {
  it(`always end in one draft, and none that is wrong can be published (seed ${seed})`, { timeout: 3_600_000 }, () => {
    const random = randomFrom(seed);
    let published = 0;
    const ready = (definition: unknown): Definition | null => {
      const { definition: read, problems } = validate(definition, types);
      return problems.some(({ severity }) => severity === 'error') ? null : read;
    };
    for (let done = 0; done < edits;) {
      const driver = new EditorDriver(start(), 3 + Math.floor(random() * 3));
      const somebody = (): Editor => driver.at(Math.floor(random() * driver.editors.length));
      for (let round = 0; round < ROUND && done < edits; round += 1, done += 1) {
        editSomehow(somebody(), random);
        if (random() < 0.3) driver.tell(somebody(), somebody());
        if (random() < 0.02) {
          driver.sync();
          const [first, ...others] = driver.editors.map(({ doc }) => readDraft(doc));
          for (const other of others) expect(other, `seed ${seed}, edit ${done}`).toEqual(first);
        }
        // A round begins with a good draft: the first edits are looked at each time, so that some good ones are met whatever the seed.
        const candidate = round < 10 || random() < 0.05 ? ready(readDraft(somebody().doc)) : null;
        if (candidate) {
          published += 1;
          expect(faultsOf(candidate), `seed ${seed}, edit ${done}`).toEqual([]);
        }
      }
      driver.sync();
      // The server takes out what hangs in the air; after that, all still agree.
      const [server] = driver.editors;
      const leftovers = server && leftoversOf(server.doc);
      if (server && leftovers) tidy(server.doc, leftovers);
      driver.sync();
      const vectors = driver.editors.map(({ doc }) => Y.encodeStateVector(doc));
      for (const vector of vectors)
        expect(Y.decodeStateVector(vector)).toEqual(Y.decodeStateVector(vectors[0] as Uint8Array));
      for (const { store, doc } of driver.editors) {
        expect(store.getSnapshot().definition, `seed ${seed}, edit ${done}`).toEqual(readDefinition(doc).definition);
        expect(leftoversOf(doc)).toBeNull();
      }
    }
    // A test that never meets a good draft says nothing about publishing.
    expect(published).toBeGreaterThan(0);
  });
});
