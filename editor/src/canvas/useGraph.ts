import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinition, useSessionOf, useUi } from '../editor/session.js';
import type { Definition, PublicNode } from '../api/types.js';
import { drawEditor, notesOf, routeWhileDragging, traceOf } from './drawEditor.js';
import { reuse, type CanvasEdge, type CanvasNode, type Holder, type NoteNode } from './drawing.js';
import { planOf, type Plan } from './layout.js';
import { viewOf } from './levels.js';
import { asksHouse, progressOf, type LiveRun } from './liveRun.js';
import type { Box, Point } from './routes.js';

export type AnyNode = CanvasNode | NoteNode;

interface GraphInput {
  readonly run: LiveRun | null;
  /** Where steps are that somebody is dragging right now, from the corner of what is around them. */
  readonly dragged: ReadonlyMap<string, Point>;
  readonly held: ReadonlyMap<string, Holder>;
  readonly comments: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
}

const noDiff: ReadonlyMap<string, never> = new Map<string, never>();

/** The nodes and edges to draw: routes are worked out when a step moved or its ports changed, not when one types in a field. */
export function useGraph({ run, dragged, held, comments, pinned }: GraphInput) {
  const session = useSessionOf();
  const { types, locale, readOnly, department } = session;
  const { t } = useTranslation();
  const whole = useDefinition();
  const level = useUi((state) => state.level);
  const problems = useUi((state) => state.problems);
  const tracing = useUi((state) => state.tracing);
  const selected = useUi((state) => state.nodes);
  const selectedEdges = useUi((state) => state.edges);
  const selectedNotes = useUi((state) => state.notes);
  const definition = useMemo(() => viewOf(whole, types, level), [whole, types, level]);
  const [before] = useState(() => new Drawn());
  const plan = useMemo(() => before.planOf(definition, types, locale), [before, definition, types, locale]);
  const progress = useMemo(() => progressOf(run, asksHouse(whole, types)), [run, whole, types]);
  const trace = useMemo(() => (tracing ? traceOf(whole, selected[0]) : noDiff), [tracing, whole, selected]);
  const errors = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { nodeId, severity } of problems)
      if (nodeId && severity === 'error') counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
    return counts;
  }, [problems]);
  const words = useMemo(
    () => ({
      upTo: (count: number) => t('editor.node.upTo', { count }),
      ways: (count: number) => t('editor.node.ways', { count }),
      node: (title: string, kind: string, count: number) =>
        `${title}, ${kind}${count > 0 ? `, ${t('editor.problems.count', { count })}` : ''}`,
    }),
    [t],
  );
  const drawn = useMemo(() => {
    const fresh = drawEditor({
      definition,
      plan,
      types,
      team: department.type,
      locale,
      progress,
      watching: run !== null,
      readOnly,
      errors,
      comments,
      pinned,
      held,
      trace,
      diff: noDiff,
      edgeDiff: noDiff,
      words,
    });
    return before.keep(fresh);
  }, [
    before,
    definition,
    plan,
    types,
    department.type,
    locale,
    progress,
    run,
    readOnly,
    errors,
    comments,
    pinned,
    held,
    trace,
    words,
  ]);

  const chosen = useMemo(() => new Set(selected), [selected]);
  const chosenNotes = useMemo(() => new Set(selectedNotes), [selectedNotes]);
  const notes = useMemo(() => notesOf(whole, level, readOnly), [whole, level, readOnly]);
  const nodes = useMemo(() => {
    const placed = <Node extends AnyNode>(node: Node, isSelected: boolean): Node => {
      const at = dragged.get(node.id);
      return at || isSelected ? { ...node, ...(at && { position: at }), ...(isSelected && { selected: true }) } : node;
    };
    return [
      ...notes.map((note): AnyNode => placed(note, chosenNotes.has(note.id))),
      ...drawn.nodes.map((node): AnyNode => placed(node, chosen.has(node.id))),
    ];
  }, [drawn.nodes, notes, dragged, chosen, chosenNotes]);

  const edges = useMemo(() => {
    const picked = new Set(selectedEdges);
    if (dragged.size === 0 && picked.size === 0) return drawn.edges;
    const moving = movedBoxes(definition, plan, dragged);
    return drawn.edges.map((edge) => {
      const isSelected = picked.has(edge.id);
      const [source, target] = [moving.get(edge.source), moving.get(edge.target)];
      if (!source && !target) return isSelected ? { ...edge, selected: true } : edge;
      const from = source ?? plan.boxes.get(edge.source);
      const to = target ?? plan.boxes.get(edge.target);
      const portX = plan.routing.ports.get(`${edge.source}.${edge.sourceHandle}`);
      if (!from || !to || !edge.data) return edge;
      return {
        ...edge,
        selected: isSelected,
        data: { ...edge.data, ...routeWhileDragging(from, portX ?? from.width / 2, to) },
      };
    });
  }, [drawn.edges, definition, plan, dragged, selectedEdges]);

  return { definition, nodes, edges, plan };
}

/** Boxes of what is being dragged, and of what is inside it, on the canvas. */
function movedBoxes(definition: Definition, plan: Plan, dragged: ReadonlyMap<string, Point>): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  if (dragged.size === 0) return boxes;
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const shiftOf = (id: string | undefined, depth = 0): Point => {
    const node = id === undefined ? undefined : byId.get(id);
    if (!node || depth > 20) return { x: 0, y: 0 };
    const around = shiftOf(node.parentId, depth + 1);
    const at = dragged.get(node.id);
    return at ? { x: around.x + at.x - node.position.x, y: around.y + at.y - node.position.y } : around;
  };
  for (const node of definition.nodes) {
    const box = plan.boxes.get(node.id);
    const shift = shiftOf(node.id);
    if (box && (shift.x !== 0 || shift.y !== 0)) boxes.set(node.id, { ...box, x: box.x + shift.x, y: box.y + shift.y });
  }
  return boxes;
}

/** What was drawn last, so that only what changed is made anew. */
class Drawn {
  #last: { readonly definition: Definition; readonly plan: Plan; readonly locale: string } | null = null;
  #nodes: ReadonlyMap<string, CanvasNode> = new Map();
  #edges: ReadonlyMap<string, CanvasEdge> = new Map();

  /** The plan of a definition, kept while nothing that it depends on changed. */
  planOf(definition: Definition, types: ReadonlyMap<string, PublicNode>, locale: 'pt-BR' | 'en'): Plan {
    const before = this.#last;
    const plan =
      before && before.locale === locale && samePlan(before.definition, definition, types)
        ? before.plan
        : planOf({ definition, nodeTypes: types, locale, everyPort: true });
    this.#last = { definition, plan, locale };
    return plan;
  }

  keep(fresh: { nodes: CanvasNode[]; edges: CanvasEdge[] }): { nodes: CanvasNode[]; edges: CanvasEdge[] } {
    const nodes = reuse(this.#nodes, fresh.nodes);
    const edges = reuse(this.#edges, fresh.edges);
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#edges = new Map(edges.map((edge) => [edge.id, edge]));
    return { nodes, edges };
  }
}

function samePlan(before: Definition, after: Definition, types: ReadonlyMap<string, PublicNode>): boolean {
  if (before.nodes.length !== after.nodes.length || before.edges.length !== after.edges.length) return false;
  const sameNodes = after.nodes.every((node, index) => {
    const old = before.nodes[index];
    if (old === node) return true;
    if (!old || old.id !== node.id || old.type !== node.type || old.parentId !== node.parentId) return false;
    if (old.position.x !== node.position.x || old.position.y !== node.position.y || old.onError !== node.onError)
      return false;
    const field = types.get(node.type)?.outputsFrom?.field;
    return field === undefined || old.config[field] === node.config[field];
  });
  return sameNodes && after.edges.every((edge, index) => before.edges[index] === edge);
}
