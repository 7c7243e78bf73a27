import {
  Background,
  BackgroundVariant,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition, PublicNode } from '../api/types.js';
import './canvas.css';
import { draw } from './layout.js';
import { progressOf, type LiveRun } from './liveRun.js';
import { ArrowHeads, RouteEdge } from './RouteEdge.js';
import { ContainerNode, StepNode } from './StepNode.js';

interface CanvasProps {
  readonly definition: Definition;
  readonly nodeTypes: readonly PublicNode[];
  readonly team: string;
  /** Lights up where it has been; `null` draws the department at rest. */
  readonly run: LiveRun | null;
  readonly selected: string | null;
  readonly onSelect: (nodeId: string | null) => void;
}

// React Flow compares these by identity: they must never be made anew.
const nodeKinds = { step: StepNode, container: ContainerNode };
const edgeKinds = { route: RouteEdge };

/** A department's graph, to look at: pan, zoom, choose a step. */
export function DepartmentCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ definition, nodeTypes, team, run, selected, onSelect }: CanvasProps) {
  const { t, locale } = useTexts();
  const types = useMemo(() => new Map(nodeTypes.map((type) => [type.type, type])), [nodeTypes]);
  const progress = useMemo(() => progressOf(run), [run]);
  const watching = run !== null;
  const { nodes, edges } = useMemo(
    () => draw({ definition, nodeTypes: types, progress, watching, team, locale }),
    [definition, types, progress, watching, team, locale],
  );
  const shown = useMemo(
    () => nodes.map((node) => (node.id === selected ? { ...node, selected: true } : node)),
    [nodes, selected],
  );
  return (
    <div className="graph-canvas" role="region" aria-label={t('simulator.graph.label')}>
      <ArrowHeads />
      <ReactFlow
        nodes={shown}
        edges={edges}
        nodeTypes={nodeKinds}
        edgeTypes={edgeKinds}
        onNodeClick={(_, node) => onSelect(node.id)}
        onPaneClick={() => onSelect(null)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        minZoom={0.2}
        maxZoom={1.5}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{ 'node.a11yDescription.default': t('simulator.graph.nodeHint') }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--color-canvas-dot)" />
        <KeepInView definition={definition} />
        <Dock />
      </ReactFlow>
    </div>
  );
}

/** Fits the graph when it is first drawn and whenever the room for it changes. */
function KeepInView({ definition }: { definition: Definition }) {
  const flow = useReactFlow();
  const ready = useNodesInitialized();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (ready && width > 0 && height > 0) void flow.fitView({ padding: 0.08, maxZoom: 1 });
  }, [flow, ready, width, height, definition]);
  return null;
}

function Dock() {
  const { t } = useTranslation();
  const flow = useReactFlow();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="graph-dock nopan">
      <button type="button" onClick={() => void flow.zoomOut()} aria-label={t('simulator.graph.zoomOut')}>
        <Minus size={15} />
      </button>
      <span className="num">{zoom}%</span>
      <button type="button" onClick={() => void flow.zoomIn()} aria-label={t('simulator.graph.zoomIn')}>
        <Plus size={15} />
      </button>
      <button
        type="button"
        onClick={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}
        aria-label={t('simulator.graph.fit')}
      >
        <Maximize size={15} />
      </button>
    </div>
  );
}
