import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf, readDefinition } from '#engine/graph/document/shape.js';
import { sharedMap } from '#engine/graph/document/values.js';
import { edit } from '../localEdit.js';
import type { NodeKinds } from '../kinds.js';
import { optionalReferenceTo, readsOf, referencesIn, referenceTo, type Reference } from '../references.js';
import { putEdge } from './edges.js';
import { endOf, SUB_DEPARTMENT } from './group.js';
import { leavingOf } from './leaving.js';
import { rewriteReads, VALUES } from './namedValues.js';
import { placeAnew, unlocked, type Place } from './nodes.js';
import type { Way } from './outcomes.js';

/**
 * Puts what is in a container back where it stands and takes the container away. What followed one of its exits follows the steps that the exit
 * asks about. What was read of a sub-department is read of its last step; what was read of a loop cannot be read any more: that is a problem
 * the author is told of. Returns the ids of what was inside; empty when it is locked or gone.
 */
export const ungroup = (doc: Y.Doc, id: string, kinds: NodeKinds): string[] =>
  edit(doc, () => {
    const { definition } = readDefinition(doc);
    const container = definition.nodes.find((node) => node.id === id);
    const body = definition.nodes.filter(({ parentId }) => parentId === id);
    if (!container || body.length === 0 || unlocked(doc, [id]).length === 0) return [];
    const inside = new Set(body.map((node) => node.id));
    const edges = definition.edges.filter(({ from, to }) => inside.has(from.node) && inside.has(to.node));
    const firsts = body.filter((node) => !edges.some(({ to }) => to.node === node.id));
    const lasts = body.filter((node) => !edges.some(({ from }) => from.node === node.id));
    const incoming = definition.edges.filter(({ to }) => to.node === id);
    const outgoing = definition.edges.filter(({ from }) => from.node === id && from.port !== 'error');
    const ends = lasts.flatMap((node) => endOf(node, kinds));
    for (const edge of definition.edges) if (edge.from.node === id || edge.to.node === id) edgesOf(doc).delete(edge.id);
    for (const { from } of incoming)
      for (const { id: first } of firsts) putEdge(doc, from, { node: first, port: 'in' });
    const exits = new ExitMarks(container, body);
    const noted = leavingOf(doc, id);
    // What was last when they became one step, and is still: nothing came after it but what hands on.
    const handsOn = new Set(lasts.filter(isHandOn).map((node) => node.id));
    const isLast = ({ node }: Way): boolean =>
      inside.has(node) && edges.every((edge) => edge.from.node !== node || handsOn.has(edge.to.node));
    for (const { from, to } of outgoing) {
      const ports = outgoing.filter((edge) => sameEnd(edge.to, to)).map((edge) => edge.from.port);
      const known = from.port === 'done' ? noted.filter((edge) => sameEnd(edge.to, to)).map((edge) => edge.from) : [];
      const own = known.length > 0 && known.every(isLast) ? known : null;
      for (const way of exits.waysTo(from.port, ports) ?? own ?? ends) putEdge(doc, way, to);
    }
    for (const node of body) {
      const map = sharedMap(nodesOf(doc).get(node.id));
      if (container.parentId) map?.set('parentId', container.parentId);
      else map?.delete('parentId');
    }
    const after = new Set(outgoing.map(({ to }) => to.node));
    const own = definition.nodes.filter((node) => after.has(node.id) && isMark(node) && readsOnly(node, id));
    const handing = [...[...firsts, ...lasts].filter(isHandOn), ...own];
    if (container.type === SUB_DEPARTMENT) readOfLast(doc, definition, id, lasts);
    for (const node of handing) readOfSources(doc, node);
    nodesOf(doc).delete(id);
    const gone = dissolve(doc, new Set([...exits.ids, ...handing.map((node) => node.id)]));
    // Around where the container stood: those that only were there for it had made it wider.
    const staying = body.filter((node) => !gone.has(node.id));
    const middle = middleOf(staying);
    const placed = staying.map(({ id: stays, position: { x, y } }) => {
      const at = { x: x + container.position.x - middle.x, y: y + container.position.y - middle.y };
      return [stays, at] as const;
    });
    // Locked ones too: their places were those in the container, and there is none any more.
    for (const [stays, at] of placed) placeAnew(doc, stays, at);
    return [...inside].filter((each) => !gone.has(each));
  });

function middleOf(nodes: readonly NodeDefinition[]): Place {
  const [xs, ys] = [nodes.map(({ position }) => position.x), nodes.map(({ position }) => position.y)];
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}

const sameEnd = (a: EdgeDefinition['to'], b: EdgeDefinition['to']): boolean => a.node === b.node && a.port === b.port;

/** The steps whose having run says which exit of a sub-department is taken. */
class ExitMarks {
  readonly ids = new Set<string>();
  readonly #byPort = new Map<string, ReadonlySet<string>>();

  constructor(container: NodeDefinition, body: readonly NodeDefinition[]) {
    const exits = container.config['exits'];
    if (!Array.isArray(exits)) return;
    const known = new Set(body.filter(isMark).map((node) => node.id));
    for (const exit of exits as readonly Partial<Record<string, Json>>[]) {
      const { name, when } = exit ?? {};
      if (typeof name !== 'string' || typeof when !== 'string') continue;
      // Those that must not have run do not lead there.
      const asked = referencesIn(when).filter(({ start }) => !/!\s*has\(\s*$/.test(when.slice(0, start)));
      const marks = new Set(asked.map(({ nodeId }) => nodeId).filter((nodeId) => known.has(nodeId)));
      if (marks.size > 0) this.#byPort.set(name, marks);
      for (const mark of marks) this.ids.add(mark);
    }
  }

  /**
   * What leads, without the container, to a target of this port: of the steps that the exit asks about, those after which it is always that
   * target. `null` when it asks about none. `ports`: all that lead to the target.
   */
  waysTo(port: string, ports: readonly string[]): Way[] | null {
    const marks = this.#byPort.get(port);
    if (!marks) return null;
    const always = [...marks].filter((mark) => this.#portsOf(mark).every((other) => ports.includes(other)));
    // One that comes only together with another, where that one leads, adds nothing.
    const own = always.filter(
      (mark) =>
        !always.some((other) => {
          const [mine, theirs] = [this.#portsOf(mark), this.#portsOf(other)];
          return theirs.length > mine.length && mine.every((each) => theirs.includes(each));
        }),
    );
    return (own.length > 0 ? own : [...marks]).map((node) => ({ node, port: 'out' }));
  }

  #portsOf(mark: string): string[] {
    return [...this.#byPort].filter(([, marks]) => marks.has(mark)).map(([name]) => name);
  }
}

const isMark = ({ type, config }: NodeDefinition): boolean =>
  type === VALUES && (!Array.isArray(config['values']) || config['values'].length === 0);

/** A step that does nothing but hand on what others returned, under names. */
const isHandOn = (node: NodeDefinition): boolean => {
  const { values, base } = node.config;
  return node.type === VALUES && base !== undefined && (!Array.isArray(values) || namedIn(node).size === values.length);
};

/** Hands one branch of a container what came of that branch. */
const readsOnly = ({ config }: NodeDefinition, id: string): boolean => {
  const reads = readsOf(config);
  return reads.size === 1 && reads.has(id);
};

/** Takes away steps that did nothing but hand on what came: what followed them follows what was before them. Returns those that went. */
function dissolve(doc: Y.Doc, ids: ReadonlySet<string>): ReadonlySet<string> {
  readThrough(doc, ids);
  const { nodes } = readDefinition(doc).definition;
  const read = new Set(nodes.filter(({ id }) => !ids.has(id)).flatMap(({ config }) => [...readsOf(config)]));
  const gone = new Set([...ids].filter((id) => !read.has(id)));
  for (const id of gone) {
    const { edges } = readDefinition(doc).definition;
    const [into, out] = [edges.filter(({ to }) => to.node === id), edges.filter(({ from }) => from.node === id)];
    // Of others it only waited.
    const handed = readsOf(nodes.find((node) => node.id === id)?.config['base']);
    const ways = into.filter(({ from }) => handed.size === 0 || handed.has(from.node));
    for (const { from } of ways) for (const { to } of out) putEdge(doc, from, to);
    for (const edge of [...into, ...out]) edgesOf(doc).delete(edge.id);
    nodesOf(doc).delete(id);
  }
  return gone;
}

/** Of these steps, those that hand on what another of them did read it where that one had it from. */
function readThrough(doc: Y.Doc, ids: ReadonlySet<string>): void {
  const handing = readDefinition(doc).definition.nodes.filter((node) => ids.has(node.id) && isMark(node));
  const bases = new Map(handing.map(({ id, config }) => [id, readsOf(config['base'])]));
  rewriteReads(doc, handing, ({ nodeId, field }) => {
    const sources = field === null ? bases.get(nodeId) : undefined;
    return sources ? [...sources].map((source) => referenceTo(source)).join(', ') : null;
  });
}

/** What was read of the sub-department, read of its last step: that gave it its value. */
function readOfLast(doc: Y.Doc, { nodes }: Definition, id: string, [last, ...others]: readonly NodeDefinition[]): void {
  if (!last || others.length > 0) return;
  rewriteReads(doc, nodes, ({ nodeId, field, optional }) =>
    nodeId === id ? reading({ nodeId: last.id, field }, optional) : null,
  );
}

/** What was read of a step that handed it on, read where that step had it from. */
function readOfSources(doc: Y.Doc, node: NodeDefinition): void {
  const values = namedIn(node);
  rewriteReads(doc, readDefinition(doc).definition.nodes, ({ nodeId, field, optional }) => {
    const source = nodeId === node.id && field !== null ? values.get(field) : undefined;
    return source ? reading(source, optional) : null;
  });
}

const reading = ({ nodeId, field }: Pick<Reference, 'nodeId' | 'field'>, optional: boolean): string =>
  optional && field !== null ? optionalReferenceTo(nodeId, field) : referenceTo(nodeId, field ?? undefined);

/** Values that are nothing but what another step gave, by the names they were given. */
function namedIn({ type, config }: NodeDefinition): ReadonlyMap<string, Reference> {
  const values = type === VALUES && Array.isArray(config['values']) ? config['values'] : [];
  const found = new Map<string, Reference>();
  for (const entry of values as readonly Partial<Record<string, Json>>[]) {
    const { name, value } = entry ?? {};
    if (typeof name !== 'string' || typeof value !== 'string') continue;
    const [read, ...more] = referencesIn(value);
    if (!read || more.length > 0) continue;
    const source = value.slice(read.start, read.end);
    if ([`{{ ${source} }}`, `{{ coalesce(${source}) }}`].includes(value)) found.set(name, read);
  }
  return found;
}
