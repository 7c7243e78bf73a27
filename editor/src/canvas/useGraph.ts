import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinition, useSessionOf, useUi } from '../editor/session.js';
import type { Definition, PublicNode } from '../api/types.js';
import { drawEditor, notesOf, traceOf } from './drawEditor.js';
import { reuse, type AnyNode, type CanvasEdge, type CanvasNode, type Holder, type NoteNode } from './drawing.js';
import { planOf, type Plan } from './layout.js';
import { viewOf } from './levels.js';
import { asksHouse, progressOf, type LiveRun } from './liveRun.js';
import type { MapItem } from './StepMap.js';

interface GraphInput {
  readonly run: LiveRun | null;
  readonly held: ReadonlyMap<string, Holder>;
  readonly comments: ReadonlyMap<string, number>;
  readonly pinned: ReadonlySet<string>;
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();
const none: ReadonlySet<string> = new Set<string>();

/** The nodes and edges to draw, each where it stands when nobody has it in hand: routes are worked out when a step moved or its ports changed, not when one types in a field. */
export function useGraph({ run, held, ...input }: GraphInput) {
  // Nothing is always the same nothing: another one would be compared with the drawing, step by step.
  const comments = input.comments.size === 0 ? nothing : input.comments;
  const pinned = input.pinned.size === 0 ? none : input.pinned;
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
  const trace = useMemo(() => (tracing ? traceOf(whole, selected[0]) : nothing), [tracing, whole, selected]);
  const errors = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { nodeId, severity } of problems)
      if (nodeId && severity === 'error') counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
    return counts.size === 0 ? nothing : counts;
  }, [problems]);
  const words = useMemo(() => {
    const groups = new Map<PublicNode['group'], string>();
    return {
      upTo: (count: number) => t('editor.node.upTo', { count }),
      edge: (from: string, to: string) => t('editor.canvas.edge', { from, to }),
      ways: (count: number) => t('editor.node.ways', { count }),
      group(group: PublicNode['group']): string {
        const known = groups.get(group) ?? t(`simulator.graph.group.${group}`);
        groups.set(group, known);
        return known;
      },
      node: (title: string, kind: string, count: number) =>
        `${title}, ${kind}${count > 0 ? `, ${t('editor.problems.count', { count })}` : ''}`,
    };
  }, [t]);
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
      diff: nothing,
      edgeDiff: nothing,
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
    const picked = <Node extends AnyNode>(node: Node, isSelected: boolean): Node =>
      isSelected ? { ...node, selected: true } : node;
    return [
      ...notes.map((note): AnyNode => picked(note, chosenNotes.has(note.id))),
      ...drawn.nodes.map((node): AnyNode => picked(node, chosen.has(node.id))),
    ];
  }, [drawn.nodes, notes, chosen, chosenNotes]);

  // Where steps in hand are is not in it: an edge whose ends moved sees it itself.
  const edges = useMemo(() => {
    if (selectedEdges.length === 0) return drawn.edges;
    const picked = new Set(selectedEdges);
    // Among several a plus on each would cover what one wants to see.
    const alone = selectedEdges.length === 1;
    return drawn.edges.map((edge) =>
      picked.has(edge.id) ? { ...edge, selected: true, ...(edge.data && { data: { ...edge.data, alone } }) } : edge,
    );
  }, [drawn.edges, selectedEdges]);

  const map = useMemo(() => mapOf(drawn.nodes, notes, plan), [drawn.nodes, notes, plan]);

  return { definition, nodes, edges, plan, map };
}

/** What the map shows, loops before what is in them. */
function mapOf(nodes: readonly CanvasNode[], notes: readonly NoteNode[], plan: Plan): MapItem[] {
  const steps = nodes.flatMap(({ id, parentId, data }): MapItem[] => {
    const box = plan.boxes.get(id);
    const origin = (parentId !== undefined && plan.boxes.get(parentId)) || { x: 0, y: 0 };
    return box ? [{ id, kind: `kind-${data.nodeType?.group ?? 'logic'}`, box, origin }] : [];
  });
  return [
    ...notes.map(({ id, position, width = 0, height = 0 }): MapItem => ({
      id,
      kind: 'map-note',
      box: { ...position, width, height },
      origin: { x: 0, y: 0 },
    })),
    ...steps.filter(({ id }) => plan.containers.has(id)),
    ...steps.filter(({ id }) => !plan.containers.has(id)),
  ];
}

/** What was drawn last, so that only what changed is made anew. */
class Drawn {
  #last: { readonly definition: Definition; readonly plan: Plan; readonly locale: string } | null = null;
  #nodes: CanvasNode[] = [];
  #edges: CanvasEdge[] = [];

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

  keep(fresh: { nodes: CanvasNode[]; edges: CanvasEdge[] }) {
    this.#nodes = reuse(this.#nodes, fresh.nodes);
    this.#edges = reuse(this.#edges, fresh.edges);
    return { nodes: this.#nodes, edges: this.#edges };
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
