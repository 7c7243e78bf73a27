import { ReactFlow, ReactFlowProvider, useStore } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeDefinition } from '#engine/graph/definition.js';
import type { DefinitionDiff } from '#engine/graph/diff.js';
import type { Definition, PublicNode } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import './canvas.css';
import './editor.css';
import { Dock, KeepInView } from './DepartmentCanvas.js';
import { detailAt, DetailProvider } from './detail.js';
import { Dots } from './Dots.js';
import { EdgeNames } from './EdgeNames.js';
import { drawEditor } from './drawEditor.js';
import type { DiffMark } from './drawing.js';
import { EditContainer, EditNode } from './EditNode.js';
import { EditEdge } from './EditEdge.js';
import { nodeSize } from './boxes.js';
import { planOf } from './layout.js';
import { Crumbs } from './Breadcrumb.js';
import { levelOfNode, viewOf } from './levels.js';
import { ArrowHeads } from './RouteEdge.js';
import { useKnownSizes } from './useKnownSizes.js';
import { STILL_PX } from './still.js';

const nodeKinds = { step: EditNode, container: EditContainer };
const edgeKinds = { route: EditEdge };
const none: ReadonlyMap<string, never> = new Map<string, never>();
const noIds: ReadonlySet<string> = new Set();

interface CompareProps {
  readonly after: Definition;
  readonly changes: DefinitionDiff;
  readonly nodeTypes: readonly PublicNode[];
  readonly team: string;
  /** Of the department: the way back to the top. */
  readonly name: string;
  /** The level to begin with; the top without one. */
  readonly first?: string | null;
  /** Brings this step into view, wherever it stands. */
  readonly at?: string | null;
}

/** What is gone keeps its place, or stands to the left of what is there now. */
function besideOthers(gone: readonly NodeDefinition[], present: readonly NodeDefinition[]): NodeDefinition[] {
  const taken = [...present];
  return gone.map((node) => {
    const covers = (x: number): boolean =>
      taken.some(
        (other) =>
          other.parentId === node.parentId &&
          Math.abs(other.position.x - x) < nodeSize.width &&
          Math.abs(other.position.y - node.position.y) < nodeSize.height,
      );
    let { x } = node.position;
    while (covers(x)) x -= nodeSize.width + 24;
    const placed = { ...node, position: { ...node.position, x } };
    taken.push(placed);
    return placed;
  });
}

/**
 * Two versions on one canvas: what is new ringed in green, what is gone dashed in red where it was, what changed in ink. Sub-departments are
 * entered as in the editor; one that has changes inside says so.
 */
export function CompareCanvas(props: CompareProps) {
  return (
    <ReactFlowProvider>
      <Compared {...props} />
    </ReactFlowProvider>
  );
}

function Compared({ after, changes, nodeTypes, team, name, first = null, at = null }: CompareProps) {
  const { locale } = useTexts();
  const { t } = useTranslation();
  const detail = useStore(({ transform: [, , zoom] }) => detailAt(zoom));
  useKnownSizes();
  const types = useMemo(() => new Map(nodeTypes.map((type) => [type.type, type])), [nodeTypes]);
  const both = useMemo(
    () => ({
      ...after,
      nodes: [...after.nodes, ...besideOthers(changes.nodes.removed, after.nodes)],
      edges: [...after.edges, ...changes.edges.removed.map((edge) => ({ ...edge, id: `gone ${edge.id}` }))],
    }),
    [after, changes],
  );
  const [level, setLevel] = useState(first);
  const [shown, setShown] = useState(at);
  if (at !== shown) {
    setShown(at);
    if (at !== null) setLevel(levelOfNode(both, types, at));
  }
  const open = both.nodes.some(({ id }) => id === level) ? level : null;
  const enter = (id: string | undefined): void => {
    if (id && types.get(both.nodes.find((node) => node.id === id)?.type ?? '')?.kind === 'department') setLevel(id);
  };
  const { nodes, edges, plan } = useMemo(() => {
    const definition = viewOf(both, types, open);
    const drawing = planOf({ definition, nodeTypes: types, locale, everyPort: true });
    const diff = new Map<string, DiffMark>([
      ...changes.nodes.added.map(({ id }) => [id, 'added'] as const),
      ...changes.nodes.removed.map(({ id }) => [id, 'removed'] as const),
      ...changes.nodes.changed.filter(({ onlyMoved }) => !onlyMoved).map(({ nodeId }) => [nodeId, 'changed'] as const),
    ]);
    for (const id of around(both, diff.keys())) if (!diff.has(id)) diff.set(id, 'changed');
    const edgeDiff = new Map<string, DiffMark>([
      ...changes.edges.added.map(({ id }) => [id, 'added'] as const),
      ...changes.edges.removed.map(({ id }) => [`gone ${id}`, 'removed'] as const),
    ]);
    const drawn = drawEditor({
      definition,
      plan: drawing,
      types,
      team,
      locale,
      progress: none,
      watching: false,
      readOnly: true,
      errors: none,
      comments: none,
      pinned: noIds,
      held: none,
      trace: none,
      diff,
      edgeDiff,
      words: {
        upTo: (count) => t('editor.node.upTo', { count }),
        edge: (from, to) => t('editor.canvas.edge', { from, to }),
        ways: (count) => t('editor.node.ways', { count }),
        group: (group) => t(`simulator.graph.group.${group}`),
        node: (title, kind) => `${title}, ${kind}`,
      },
    });
    return { ...drawn, plan: drawing };
  }, [both, changes, types, open, team, locale, t]);
  return (
    <div className="graph-canvas editing" data-detail={detail} role="region" aria-label={t('editor.versions.graph')}>
      <ArrowHeads />
      <DetailProvider value={detail}>
        <EdgeNames plan={plan} edges={edges} detail={detail}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeKinds}
            edgeTypes={edgeKinds}
            nodesDraggable={false}
            nodesConnectable={false}
            edgesFocusable={false}
            // Else the canvas would take the second click for itself.
            zoomOnDoubleClick={false}
            paneClickDistance={STILL_PX}
            onNodeDoubleClick={(_, node) => enter(node.id)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && event.target instanceof HTMLElement) enter(event.target.dataset['id']);
            }}
            minZoom={0.1}
            maxZoom={1.5}
            onlyRenderVisibleElements
          >
            <Dots />
            <KeepInView bounds={plan.bounds} once={open ?? 'top'} />
            <Dock bounds={plan.bounds} />
          </ReactFlow>
        </EdgeNames>
      </DetailProvider>
      <Crumbs
        name={name}
        definition={both}
        level={open}
        onOpen={setLevel}
        titleOf={(node) => node.title ?? types.get(node.type)?.title[locale] ?? node.type}
      />
    </div>
  );
}

/** What these steps stand in, however deep. */
function around(definition: Definition, ids: Iterable<string>): ReadonlySet<string> {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  for (const id of ids)
    for (
      let parent = byId.get(id)?.parentId;
      parent !== undefined && !found.has(parent);
      parent = byId.get(parent)?.parentId
    )
      found.add(parent);
  return found;
}
