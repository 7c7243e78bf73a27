import { Position, type Edge, type Node, type NodeHandle } from '@xyflow/react';
import { groupBy } from '#engine/graph/group.js';
import { outputsOf } from '#engine/graph/ports.js';
import type { Definition, PublicNode } from '../api/types.js';
import { bodiesOf, boxesIn, nodeSize } from './boxes.js';
import { edgeState, type EdgeState, type NodeProgress } from './liveRun.js';
import { pathOf, route, type Box, type Point, type Route, type Routing } from './routes.js';

/** Of the dot at each end of an edge. */
export const portRadius = 4.5;
/** Between ways out that lead nowhere yet. */
const portGap = 30;

/** A way out. */
export interface PortDrawing {
  readonly name: string;
  readonly title: string;
  readonly state: EdgeState;
  /** From the left edge of the node. */
  readonly x: number;
  /** No edge leaves by it. */
  readonly free: boolean;
}
export interface StepNodeData extends Record<string, unknown> {
  readonly title: string;
  readonly nodeType: PublicNode | undefined;
  readonly typeName: string;
  readonly team: string;
  readonly pieceIndex: number;
  readonly outputs: readonly PortDrawing[];
  readonly hasInput: boolean;
  readonly progress: NodeProgress | null;
  /** A run is shown and has not come here yet. */
  readonly quiet: boolean;
}
export interface RouteEdgeData extends Record<string, unknown> {
  readonly state: EdgeState;
  readonly label: string | null;
  readonly labelAt: Point | null;
  readonly path: string;
}
export type StepNode = Node<StepNodeData, 'step' | 'container'>;
export type RouteEdge = Edge<RouteEdgeData, 'route'>;

export interface Drawing {
  readonly nodes: StepNode[];
  readonly edges: RouteEdge[];
}

/** Where everything stands: the same for every run of a version, so worked out once. */
export interface Plan {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly routing: Routing;
  /** Around everything drawn. */
  readonly bounds: Box;
  readonly containers: ReadonlySet<string>;
  /** The names of a node's ways out. */
  readonly portsOf: (nodeId: string) => readonly { readonly name: string; readonly title: string }[];
}

export function planOf(input: {
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly locale: 'pt-BR' | 'en';
  /** Ways out that lead nowhere are drawn too, to begin an edge at. */
  readonly everyPort?: boolean;
}): Plan {
  const { definition, nodeTypes, locale, everyPort = false } = input;
  const bodies = bodiesOf(definition, nodeTypes);
  const ports = new Map(
    definition.nodes.map((node) => {
      const type = nodeTypes.get(node.type);
      const outputs = type ? outputsOf(type, node.config, node.onError) : [];
      return [node.id, outputs.map(({ name, title }) => ({ name, title: title[locale] }))];
    }),
  );
  const portsOf: Plan['portsOf'] = (nodeId) => ports.get(nodeId) ?? [];
  const boxes = boxesIn(definition, bodies);
  const routed = routeLevels(definition, boxes, portsOf);
  const routing = everyPort ? withFreePorts(routed, boxes, portsOf) : routed;
  const bounds = boundsOf([...boxes.values()], [...routing.routes.values()]);
  return { boxes, routing, bounds, containers: new Set(bodies.keys()), portsOf };
}

/** Places for the ways out that no edge has placed: beside those that have one, or spread around the middle. */
function withFreePorts(routing: Routing, boxes: ReadonlyMap<string, Box>, portsOf: Plan['portsOf']): Routing {
  const ports = new Map(routing.ports);
  for (const [id, { width }] of boxes) {
    const names = portsOf(id).map(({ name }) => name);
    const free = names.filter((name) => !ports.has(`${id}.${name}`));
    const taken = names.flatMap((name) => ports.get(`${id}.${name}`) ?? []);
    for (const [index, x] of spread(free.length, taken, width).entries()) ports.set(`${id}.${free[index] ?? ''}`, x);
  }
  return { routes: routing.routes, ports };
}

/** Places for so many ways out: around the middle, or where the widest room is beside those that are taken, as near to them as usual. */
function spread(count: number, taken: readonly number[], width: number): number[] {
  if (count === 0) return [];
  const [first, last] = [12, width - 10];
  const inRow = (from: number, gap: number): number[] =>
    Array.from({ length: count }, (_, index) => from + index * gap);
  if (taken.length === 0) {
    const gap = Math.min(portGap, (last - first) / count);
    return inRow(width / 2 - ((count - 1) * gap) / 2, gap);
  }
  const [left, right] = [Math.min(...taken), Math.max(...taken)];
  const gapAt = (room: number): number => Math.min(portGap, room / count);
  const atRight = gapAt(last - right);
  const atLeft = gapAt(left - first);
  return atRight >= atLeft ? inRow(right + atRight, atRight) : inRow(left - count * atLeft, atLeft);
}

/** Where edges meet a node, said beforehand so that nothing has to be measured. */
function handlesOf(
  size: { width: number; height: number },
  outputs: readonly PortDrawing[],
  hasInput: boolean,
): NodeHandle[] {
  const handle = (type: 'source' | 'target', id: string, x: number, y: number): NodeHandle => ({
    type,
    id,
    position: type === 'source' ? Position.Bottom : Position.Top,
    x: x - portRadius,
    y: y - portRadius,
    width: 2 * portRadius,
    height: 2 * portRadius,
  });
  return [
    ...(hasInput ? [handle('target', 'in', size.width / 2, 0)] : []),
    ...outputs.map(({ name, x }) => handle('source', name, x, size.height)),
  ];
}

/** What the canvas draws of a definition and, with a run, where it has been. */
export function draw(input: {
  readonly plan: Plan;
  readonly definition: Definition;
  readonly nodeTypes: ReadonlyMap<string, PublicNode>;
  readonly progress: ReadonlyMap<string, NodeProgress>;
  readonly watching: boolean;
  readonly team: string;
  readonly locale: 'pt-BR' | 'en';
}): Drawing {
  const { plan, definition, nodeTypes, progress, watching, team, locale } = input;
  const { boxes, routing } = plan;
  const agents = definition.nodes.filter((node) => nodeTypes.get(node.type)?.group === 'agent');
  const pieces = new Map(agents.map(({ id }, index) => [id, index]));
  const waysOut = groupBy(definition.edges, ({ from }) => `${from.node}.${from.port}`);
  const taken = (way: string): EdgeState =>
    (waysOut.get(way) ?? [])
      .map((edge) => edgeState(progress, edge.from, edge.to.node))
      .find((state) => state !== 'idle') ?? 'idle';
  const nodes = definition.nodes.map((node): StepNode => {
    const type = nodeTypes.get(node.type);
    const { width, height } = boxes.get(node.id) ?? nodeSize;
    const outputs = plan.portsOf(node.id).flatMap(({ name, title }) => {
      const x = routing.ports.get(`${node.id}.${name}`);
      return x === undefined
        ? []
        : [{ name, title, state: taken(`${node.id}.${name}`), x, free: !waysOut.has(`${node.id}.${name}`) }];
    });
    const hasInput = (type?.inputs.length ?? 1) > 0;
    return {
      id: node.id,
      type: plan.containers.has(node.id) ? 'container' : 'step',
      position: node.position,
      ...(node.parentId && { parentId: node.parentId }),
      width,
      height,
      measured: { width, height },
      handles: handlesOf({ width, height }, outputs, hasInput),
      data: {
        title: node.title ?? type?.title[locale] ?? node.type,
        nodeType: type,
        typeName: type?.title[locale] ?? node.type,
        team,
        pieceIndex: pieces.get(node.id) ?? 0,
        outputs,
        hasInput,
        progress: progress.get(node.id) ?? null,
        quiet: watching && !progress.has(node.id),
      },
    };
  });
  const edges = definition.edges.map((edge): RouteEdge => {
    const state = edgeState(progress, edge.from, edge.to.node);
    const laid = routing.routes.get(edge.id);
    return {
      id: edge.id,
      type: 'route',
      source: edge.from.node,
      sourceHandle: edge.from.port,
      target: edge.to.node,
      targetHandle: edge.to.port,
      data: {
        state,
        label: nameOf(plan.portsOf, edge.from),
        labelAt: laid?.label ?? null,
        path: pathOf(laid?.points ?? []),
      },
    };
  });
  // Where ways run together, the one that was taken is on top.
  const height: Record<EdgeState, number> = { dead: 0, idle: 1, live: 2, flowing: 3 };
  edges.sort((a, b) => height[a.data?.state ?? 'idle'] - height[b.data?.state ?? 'idle']);
  // React Flow wants a container before what is in it.
  nodes.sort((a, b) => Number(Boolean(a.parentId)) - Number(Boolean(b.parentId)));
  return { nodes, edges };
}

const nameOf = (portsOf: Plan['portsOf'], from: { node: string; port: string }): string | null =>
  portsOf(from.node).find(({ name }) => name === from.port)?.title ?? null;

/** Each level is a graph of its own: what stands inside a container is in nobody's way outside. */
function routeLevels(definition: Definition, boxes: ReadonlyMap<string, Box>, portsOf: Plan['portsOf']): Routing {
  const routes = new Map<string, Route>();
  const ports = new Map<string, number>();
  const waysOut = groupBy(definition.edges, (edge) => edge.from.node);
  // One way out needs no name.
  const named = (node: string): boolean => new Set(waysOut.get(node)?.map((edge) => edge.from.port)).size > 1;
  for (const [, level] of groupBy(definition.nodes, (node) => node.parentId)) {
    const inside = new Map(level.flatMap(({ id }) => (boxes.has(id) ? [[id, boxes.get(id) as Box]] : [])));
    const links = definition.edges
      .filter((edge) => inside.has(edge.from.node))
      .map(({ id, from, to }) => ({
        id,
        from: from.node,
        port: from.port,
        to: to.node,
        label: named(from.node) ? nameOf(portsOf, from) : null,
      }));
    const laid = route(inside, links);
    for (const [id, each] of laid.routes) routes.set(id, each);
    for (const [name, x] of laid.ports) ports.set(name, x);
  }
  return { routes, ports };
}

function boundsOf(boxes: readonly Box[], routes: readonly { points: readonly Point[] }[]): Box {
  const points = [
    ...boxes.flatMap((box) => [box, { x: box.x + box.width, y: box.y + box.height }]),
    ...routes.flatMap((each) => each.points),
  ];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return points.length > 0
    ? { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
    : { x: 0, y: 0, ...nodeSize };
}
