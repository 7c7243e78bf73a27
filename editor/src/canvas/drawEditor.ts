import { readsOf } from '../document/references.js';
import type { Definition, PublicNode } from '../api/types.js';
import {
  detailOf,
  type CanvasEdge,
  type CanvasNode,
  type DiffMark,
  type EdgeEnds,
  type Holder,
  type NoteNode,
} from './drawing.js';
import { draw, type Plan } from './layout.js';
import type { NodeProgress } from './liveRun.js';
import { noteBox } from './notePlace.js';
import { pathOf, type Box, type Point } from './routes.js';

interface EditorDrawing {
  readonly definition: Definition;
  readonly plan: Plan;
  readonly types: ReadonlyMap<string, PublicNode>;
  readonly team: string;
  readonly locale: 'pt-BR' | 'en';
  readonly progress: ReadonlyMap<string, NodeProgress>;
  readonly watching: boolean;
  readonly readOnly: boolean;
  readonly errors: ReadonlyMap<string, number>;
  readonly comments: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
  readonly held: ReadonlyMap<string, Holder>;
  readonly trace: ReadonlyMap<string, 'reads' | 'feeds'>;
  readonly diff: ReadonlyMap<string, DiffMark>;
  readonly edgeDiff: ReadonlyMap<string, DiffMark>;
  readonly words: {
    upTo: (count: number) => string;
    ways: (count: number) => string;
    node: (title: string, kind: string, errors: number) => string;
    edge: (from: string, to: string) => string;
    group: (group: PublicNode['group']) => string;
  };
}

/** The drawing of a department as its editors see it. */
export function drawEditor(input: EditorDrawing): { nodes: CanvasNode[]; edges: CanvasEdge[] } {
  const { definition, plan, types, readOnly, words } = input;
  const { nodes, edges } = draw({ ...input, nodeTypes: types });
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const titles = new Map(nodes.map(({ id, data }) => [id, data.title]));
  return {
    nodes: nodes.map((drawn): CanvasNode => {
      const node = byId.get(drawn.id);
      const errors = input.errors.get(drawn.id) ?? 0;
      return {
        ...drawn,
        ariaLabel: words.node(drawn.data.title, drawn.data.typeName, errors),
        draggable: !readOnly && node?.locked !== true,
        ...(drawn.type === 'container' && { zIndex: -1 }),
        data: {
          ...drawn.data,
          errors,
          locked: node?.locked === true,
          hasNote: Boolean(node?.note),
          pinned: input.pinned.has(drawn.id),
          comments: input.comments.get(drawn.id) ?? 0,
          detail: node ? detailOf(node, words) : null,
          rest:
            drawn.data.typeName !== drawn.data.title
              ? drawn.data.typeName
              : words.group(drawn.data.nodeType?.group ?? 'logic'),
          held: input.held.get(drawn.id) ?? null,
          trace: input.trace.get(drawn.id) ?? null,
          diff: input.diff.get(drawn.id) ?? null,
          connectable: !readOnly,
        },
      };
    }),
    edges: edges.map((edge): CanvasEdge => {
      const points = plan.routing.routes.get(edge.id)?.points ?? [];
      return {
        ...edge,
        ariaLabel: words.edge(titles.get(edge.source) ?? edge.source, titles.get(edge.target) ?? edge.target),
        data: {
          state: edge.data?.state ?? 'idle',
          label: edge.data?.label ?? null,
          labelAt: edge.data?.labelAt ?? null,
          path: edge.data?.path ?? '',
          readOnly,
          middle: middleOf(points),
          ends: endsOf(points, plan.boxes.get(edge.source), plan.boxes.get(edge.target)),
          diff: input.edgeDiff.get(edge.id) ?? null,
        },
      };
    }),
  };
}

export const notesOf = (definition: Definition, level: string | null, readOnly: boolean): NoteNode[] =>
  Object.entries(definition.settings.notes ?? {})
    .filter(([, note]) => (note.parentId ?? null) === level)
    .map(([id, note]) => ({
      id,
      type: 'note',
      position: { x: note.x, y: note.y },
      width: noteBox(note).width,
      height: noteBox(note).height,
      measured: { width: noteBox(note).width, height: noteBox(note).height },
      zIndex: -2,
      draggable: !readOnly,
      connectable: false,
      data: { text: note.text, color: note.color ?? 'sol', readOnly },
    }));

/** Halfway along a route. */
export function middleOf(points: readonly Point[]): Point | null {
  const lengths = points.slice(1).map((point, index) => distance(points[index] ?? point, point));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [points[index], points[index + 1]];
    if (!from || !to) break;
    if (left <= length && length > 0)
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    left -= length;
  }
  return points[0] ?? null;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function endsOf(points: readonly Point[], source: Box | undefined, target: Box | undefined): EdgeEnds | null {
  const [start, end] = [points[0], points.at(-1)];
  if (!start || !end || !source || !target) return null;
  return { start, end, reach: [source.x + source.width - start.x, target.x + target.width - end.x] };
}

/** An edge while one of its ends is being dragged: straight to the point, without looking what is in between. */
export function routeWhileDragging(
  start: Point,
  end: Point,
  [sourceReach, targetReach]: EdgeEnds['reach'],
): { path: string; labelAt: Point; middle: Point | null } {
  const below = end.y - start.y > 34;
  const lane = below ? (start.y + end.y) / 2 : start.y + 17;
  const around = Math.max(start.x + sourceReach, end.x + targetReach) + 20;
  const points = below
    ? [start, { x: start.x, y: lane }, { x: end.x, y: lane }, end]
    : // To a target that stands above: down, aside, up, and in from the top.
      [
        start,
        { x: start.x, y: lane },
        { x: around, y: lane },
        { x: around, y: end.y - 20 },
        { x: end.x, y: end.y - 20 },
        end,
      ];
  return { path: pathOf(points), labelAt: { x: start.x, y: start.y + 14 }, middle: middleOf(points) };
}

/** What the selected step reads, and which steps read it. */
export function traceOf(definition: Definition, nodeId: string | undefined): ReadonlyMap<string, 'reads' | 'feeds'> {
  const trace = new Map<string, 'reads' | 'feeds'>();
  const node = definition.nodes.find(({ id }) => id === nodeId);
  if (!node) return trace;
  for (const id of readsOf(node.config)) trace.set(id, 'reads');
  for (const other of definition.nodes)
    if (other.id !== node.id && readsOf(other.config).has(node.id)) trace.set(other.id, 'feeds');
  const text = JSON.stringify(node.config);
  if (/\btrigger\./.test(text))
    for (const other of definition.nodes) if (other.type.startsWith('trigger.')) trace.set(other.id, 'reads');
  return trace;
}
