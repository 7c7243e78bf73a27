import type { Edge, Node } from '@xyflow/react';
import { outputsOf } from '#engine/graph/ports.js';
import type { Definition, PublicNode } from '../api/types.js';
import { edgeState, type EdgeState, type NodeProgress } from './liveRun.js';

/** Sizes in px, from the look's components. A container grows around its body. */
export const nodeSize = { width: 196, height: 54, header: 30, pad: 16 } as const;

export interface StepNodeData extends Record<string, unknown> {
  readonly title: string;
  readonly nodeType: PublicNode | undefined;
  readonly typeName: string;
  readonly team: string;
  readonly pieceIndex: number;
  readonly outputs: readonly { readonly name: string; readonly title: string; readonly state: EdgeState }[];
  readonly hasInput: boolean;
  readonly progress: NodeProgress | null;
  /** A run is shown and has not come here yet. */
  readonly quiet: boolean;
}
export interface RouteEdgeData extends Record<string, unknown> {
  readonly state: EdgeState;
  readonly label: string | null;
}
export type StepNode = Node<StepNodeData, 'step' | 'container'>;
export type RouteEdge = Edge<RouteEdgeData, 'route'>;

export interface Drawing {
  readonly nodes: StepNode[];
  readonly edges: RouteEdge[];
}

/** What the canvas draws of a definition and, with a run, where it has been. */
export function draw(input: {
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly progress: ReadonlyMap<string, NodeProgress>;
  readonly watching: boolean;
  readonly team: string;
  readonly locale: 'pt-BR' | 'en';
}): Drawing {
  const { definition, nodeTypes, progress, watching, team, locale } = input;
  const agents = definition.nodes.filter((node) => nodeTypes.get(node.type)?.group === 'agent').map((node) => node.id);
  const bodies = new Map<string, Definition['nodes']>();
  for (const node of definition.nodes) {
    if (node.parentId) bodies.set(node.parentId, [...(bodies.get(node.parentId) ?? []), node]);
  }
  const taken = (from: { node: string; port: string }): EdgeState => {
    const targets = definition.edges.filter((edge) => edge.from.node === from.node && edge.from.port === from.port);
    const states = targets.map((edge) => edgeState(progress, edge.from, edge.to.node));
    return states.find((state) => state !== 'idle') ?? 'idle';
  };
  const portsOf = (node: Definition['nodes'][number]) => {
    const type = nodeTypes.get(node.type);
    return type ? outputsOf(type, node.config, node.onError) : [];
  };
  const nodes = definition.nodes.map((node): StepNode => {
    const type = nodeTypes.get(node.type);
    const body = bodies.get(node.id);
    return {
      id: node.id,
      type: body ? 'container' : 'step',
      position: node.position,
      ...(node.parentId && { parentId: node.parentId }),
      ...(body ? extent(body) : { width: nodeSize.width, height: nodeSize.height }),
      data: {
        title: node.title ?? type?.title[locale] ?? node.type,
        nodeType: type,
        typeName: type?.title[locale] ?? node.type,
        team,
        pieceIndex: Math.max(0, agents.indexOf(node.id)),
        outputs: portsOf(node).map((port) => ({
          name: port.name,
          title: port.title[locale],
          state: taken({ node: node.id, port: port.name }),
        })),
        hasInput: (type?.inputs.length ?? 1) > 0,
        progress: progress.get(node.id) ?? null,
        quiet: watching && !progress.has(node.id),
      },
    };
  });
  const edges = definition.edges.map((edge): RouteEdge => {
    const from = definition.nodes.find((node) => node.id === edge.from.node);
    const ports = from ? portsOf(from) : [];
    return {
      id: edge.id,
      type: 'route',
      source: edge.from.node,
      sourceHandle: edge.from.port,
      target: edge.to.node,
      targetHandle: edge.to.port,
      data: {
        state: edgeState(progress, edge.from, edge.to.node),
        // One way out needs no name.
        label: ports.length > 1 ? (ports.find((port) => port.name === edge.from.port)?.title[locale] ?? null) : null,
      },
    };
  });
  // React Flow wants a container before what is in it.
  return { nodes: nodes.sort((a, b) => Number(Boolean(a.parentId)) - Number(Boolean(b.parentId))), edges };
}

function extent(body: Definition['nodes']): { width: number; height: number } {
  const right = Math.max(...body.map((node) => node.position.x)) + nodeSize.width;
  const bottom = Math.max(...body.map((node) => node.position.y)) + nodeSize.height;
  return { width: right + nodeSize.pad, height: bottom + nodeSize.pad };
}
