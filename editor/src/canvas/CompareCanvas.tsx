import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DefinitionDiff } from '#engine/graph/diff.js';
import type { Definition, PublicNode } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import './canvas.css';
import './editor.css';
import { Detail, Dock, KeepInView } from './DepartmentCanvas.js';
import { drawEditor } from './drawEditor.js';
import type { DiffMark } from './drawing.js';
import { EditContainer, EditNode } from './EditNode.js';
import { EditEdge } from './EditEdge.js';
import { planOf } from './layout.js';
import { viewOf } from './levels.js';
import { ArrowHeads } from './RouteEdge.js';

const nodeKinds = { step: EditNode, container: EditContainer };
const edgeKinds = { route: EditEdge };
const none: ReadonlyMap<string, never> = new Map<string, never>();
const noIds: ReadonlySet<string> = new Set();

interface CompareProps {
  readonly after: Definition;
  readonly changes: DefinitionDiff;
  readonly nodeTypes: readonly PublicNode[];
  readonly team: string;
}

/** Two versions on one canvas: what is new ringed in green, what is gone dashed in red where it was, what changed in ink. */
export function CompareCanvas(props: CompareProps) {
  return (
    <ReactFlowProvider>
      <Compared {...props} />
    </ReactFlowProvider>
  );
}

function Compared({ after, changes, nodeTypes, team }: CompareProps) {
  const { locale } = useTexts();
  const { t } = useTranslation();
  const [detail, setDetail] = useState<'full' | 'compact' | 'tiny'>('full');
  const { nodes, edges, plan } = useMemo(() => {
    const types = new Map(nodeTypes.map((type) => [type.type, type]));
    const definition = viewOf(
      {
        ...after,
        nodes: [...after.nodes, ...changes.nodes.removed],
        edges: [...after.edges, ...changes.edges.removed.map((edge) => ({ ...edge, id: `gone ${edge.id}` }))],
      },
      types,
      null,
    );
    const drawing = planOf({ definition, nodeTypes: types, locale, everyPort: true });
    const diff = new Map<string, DiffMark>([
      ...changes.nodes.added.map(({ id }) => [id, 'added'] as const),
      ...changes.nodes.removed.map(({ id }) => [id, 'removed'] as const),
      ...changes.nodes.changed.filter(({ onlyMoved }) => !onlyMoved).map(({ nodeId }) => [nodeId, 'changed'] as const),
    ]);
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
        ways: (count) => t('editor.node.ways', { count }),
        node: (title, kind) => `${title}, ${kind}`,
      },
    });
    return { ...drawn, plan: drawing };
  }, [after, changes, nodeTypes, team, locale, t]);
  return (
    <div className="graph-canvas editing" data-detail={detail} role="region" aria-label={t('editor.versions.graph')}>
      <ArrowHeads />
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeKinds}
        edgeTypes={edgeKinds}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        minZoom={0.1}
        maxZoom={1.5}
        onlyRenderVisibleElements
      >
        <Detail onChange={setDetail} />
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--color-canvas-dot)" />
        <KeepInView bounds={plan.bounds} />
        <Dock bounds={plan.bounds} />
      </ReactFlow>
    </div>
  );
}
