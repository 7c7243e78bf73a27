import { ReactFlow, type Edge, type Node, type Viewport } from '@xyflow/react';
import { createRoot } from 'react-dom/client';

/** React Flow and nothing else, with the same steps at the same places and of the same size: what the canvas is measured against. */
interface Floor {
  readonly nodes: Node[];
  readonly edges: Edge[];
  readonly viewport: Viewport;
}

const root = document.getElementById('root');
const { nodes, edges, viewport } = (globalThis as unknown as { floor: Floor }).floor;
if (root)
  createRoot(root).render(
    <ReactFlow
      defaultNodes={nodes}
      defaultEdges={edges}
      defaultViewport={viewport}
      minZoom={0.05}
      onlyRenderVisibleElements
      elevateNodesOnSelect={false}
    />,
  );
