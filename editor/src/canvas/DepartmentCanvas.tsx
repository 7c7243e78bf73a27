import { ReactFlow, ReactFlowProvider, getViewportForBounds, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition, PublicNode } from '../api/types.js';
import './canvas.css';
import { detailAt } from './detail.js';
import { Dots } from './Dots.js';
import { EdgeNames } from './EdgeNames.js';
import { draw, planOf } from './layout.js';
import { asksHouse, progressOf, type LiveRun } from './liveRun.js';
import { ArrowHeads, RouteEdge } from './RouteEdge.js';
import type { Box } from './routes.js';
import { ContainerNode, StepNode } from './StepNode.js';
import { STILL_PX } from './still.js';

interface CanvasProps {
  readonly definition: Definition;
  readonly nodeTypes: readonly PublicNode[];
  readonly team: string;
  /** Lights up where it has been; `null` draws the department at rest. */
  readonly run: LiveRun | null;
  readonly selected: string | null;
  readonly onSelect: (nodeId: string | null) => void;
  /** Drawn over it, in its coordinates. */
  readonly children?: ReactNode;
}

// React Flow compares these by identity: they must never be made anew.
const nodeKinds = { step: StepNode, container: ContainerNode };
const edgeKinds = { route: RouteEdge };
const minZoom = 0.2;

/** A department's graph, to look at: pan, zoom, choose a step. */
export function DepartmentCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ definition, nodeTypes, team, run, selected, onSelect, children }: CanvasProps) {
  const { t, locale } = useTexts();
  const types = useMemo(() => new Map(nodeTypes.map((type) => [type.type, type])), [nodeTypes]);
  const progress = useMemo(() => progressOf(run, asksHouse(definition, types)), [run, definition, types]);
  const detail = useStore(({ transform: [, , zoom] }) => detailAt(zoom));
  const watching = run !== null;
  const plan = useMemo(() => planOf({ definition, nodeTypes: types, locale }), [definition, types, locale]);
  const { nodes, edges } = useMemo(
    () => draw({ plan, definition, nodeTypes: types, progress, watching, team, locale }),
    [plan, definition, types, progress, watching, team, locale],
  );
  const shown = useMemo(
    () => nodes.map((node) => (node.id === selected ? { ...node, selected: true } : node)),
    [nodes, selected],
  );
  return (
    <div className="graph-canvas" data-detail={detail} role="region" aria-label={t('simulator.graph.label')}>
      <ArrowHeads />
      <EdgeNames plan={plan} edges={edges} detail={detail}>
        <ReactFlow
          nodes={shown}
          edges={edges}
          nodeTypes={nodeKinds}
          edgeTypes={edgeKinds}
          onNodeClick={(_, node) => onSelect(node.id)}
          onKeyDown={(event) => {
            const nodeId = event.target instanceof HTMLElement && event.target.dataset['id'];
            if (nodeId && (event.key === 'Enter' || event.key === ' ')) {
              event.preventDefault();
              onSelect(nodeId);
            }
          }}
          onPaneClick={() => onSelect(null)}
          paneClickDistance={STILL_PX}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          minZoom={minZoom}
          maxZoom={1.5}
          ariaLabelConfig={{ 'node.a11yDescription.default': t('simulator.graph.nodeHint') }}
        >
          <Dots />
          <KeepInView bounds={plan.bounds} />
          {children}
          <Dock bounds={plan.bounds} />
        </ReactFlow>
      </EdgeNames>
    </div>
  );
}

/** Around the drawing; the dock stands below it. */
const room = { x: '14px', top: '18px', bottom: '66px' } as const;
/** Where edges are drawn: within 40 px of its border the canvas begins to move, and a step there would run away from the edge that is let go on it. */
const roomToConnect = { ...room, top: '44px' } as const;

/** The whole drawing in the room there is, never larger than life. */
export function useFit(bounds: Box): () => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return () => {
    const { width, height, nodesConnectable } = store.getState();
    if (width === 0 || height === 0) return;
    const around = nodesConnectable ? roomToConnect : room;
    void flow.setViewport(getViewportForBounds(bounds, width, height, minZoom, 1, around));
  };
}

/**
 * Fits when the drawing is first there and whenever the room for it changes. Where one builds, nothing may move by itself: then only once for
 * each name in `once`, and until the first press or key.
 */
export function KeepInView({ bounds, once }: { bounds: Box; once?: string }) {
  const fit = useEffectEvent(useFit(bounds));
  const store = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const there = width > 0 && height > 0;
  const always = once === undefined;
  // As soon as the size is known, before anything is drawn: else the first steps are drawn life-size, and again.
  useLayoutEffect(() => {
    const stop = store.subscribe((state) => {
      if (!state.panZoom || state.width === 0 || state.height === 0) return;
      stop();
      fit();
    });
    return stop;
  }, [store]);
  // Until somebody does something: the list of problems may still come in below, and hide what stands there.
  const untouched = useRef(true);
  useEffect(() => {
    const touch = (): void => void (untouched.current = false);
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const kind of kinds) addEventListener(kind, touch, { capture: true, once: true, passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, touch, { capture: true });
    };
  }, []);
  useEffect(() => {
    if (untouched.current) fit();
  }, [width, height]);
  useEffect(() => {
    if (always) fit();
  }, [always, width, height, bounds]);
  useEffect(() => {
    if (!always && there) fit();
  }, [always, there, once]);
  return null;
}

export function Dock({ bounds, children }: { bounds: Box; children?: ReactNode }) {
  const { t } = useTranslation();
  const flow = useReactFlow();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const fit = useFit(bounds);
  return (
    <div className="graph-dock nopan">
      <button type="button" onClick={() => void flow.zoomOut()} aria-label={t('simulator.graph.zoomOut')}>
        <Minus size={15} aria-hidden="true" />
      </button>
      <span className="num">{zoom}%</span>
      <button type="button" onClick={() => void flow.zoomIn()} aria-label={t('simulator.graph.zoomIn')}>
        <Plus size={15} aria-hidden="true" />
      </button>
      <button type="button" onClick={fit} aria-label={t('simulator.graph.fit')}>
        <Maximize size={15} aria-hidden="true" />
      </button>
      {children}
    </div>
  );
}
