import { groupBy } from '../group.js';
import { sortLevel } from '../levels.js';
import type { EdgeDefinition, NodeDefinition } from '../definition.js';
import type { Rule } from './rule.js';

/** Every level is acyclic: going round is what containers are for. One problem for each circle, at its first node. */
export const cycles: Rule = ({ definition, flow, nameOf, report }) => {
  const nodes = [...flow.nodes.values()];
  const edges = definition.edges.filter(({ from, to }) => {
    const source = flow.nodes.get(from.node);
    const target = flow.nodes.get(to.node);
    return source && target && source.parentId === target.parentId;
  });
  const { cyclic } = sortLevel(nodes, edges);
  for (const circle of circlesOf(cyclic, edges)) {
    const [first] = circle;
    const inCircle = new Set(circle.map((node) => node.id));
    const closing = edges.find((edge) => edge.to.node === first?.id && inCircle.has(edge.from.node));
    const shown = circle.slice(0, 10).map((node) => `"${nameOf(node)}"`);
    report.add(
      'cycle',
      { nodeId: first?.id, edgeId: closing?.id, ...(closing && { fix: { kind: 'removeEdge', edgeId: closing.id } }) },
      { nodes: shown.join(', ') + (circle.length > 10 ? '…' : '') },
    );
  }
};

/** Strongly connected parts that go round (Tarjan), walked without recursion. `nodes`: those on a circle or below one. */
function circlesOf(nodes: readonly NodeDefinition[], edges: readonly EdgeDefinition[]): NodeDefinition[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = groupBy(
    edges.filter((edge) => byId.has(edge.from.node) && byId.has(edge.to.node)),
    (edge) => edge.from.node,
  );
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const onOpen = new Set<string>();
  const circles: NodeDefinition[][] = [];
  const enter = (id: string, work: { id: string; next: number }[]): void => {
    index.set(id, index.size);
    low.set(id, index.get(id) ?? 0);
    open.push(id);
    onOpen.add(id);
    work.push({ id, next: 0 });
  };
  const lower = (id: string, value: number | undefined): void => {
    low.set(id, Math.min(low.get(id) ?? 0, value ?? Infinity));
  };
  const close = (id: string): void => {
    const part = new Set(open.splice(open.lastIndexOf(id)));
    for (const member of part) onOpen.delete(member);
    const goesRound = part.size > 1 || outgoing.get(id)?.some((edge) => edge.to.node === id);
    // In the order of the definition, so that the same definition always reads the same.
    if (goesRound) circles.push(nodes.filter((node) => part.has(node.id)));
  };
  for (const { id: root } of nodes) {
    if (index.has(root)) continue;
    const work: { id: string; next: number }[] = [];
    enter(root, work);
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const target = outgoing.get(top.id)?.[top.next]?.to.node;
      top.next += 1;
      if (target !== undefined) {
        if (!index.has(target)) enter(target, work);
        else if (onOpen.has(target)) lower(top.id, index.get(target));
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above) lower(above.id, low.get(top.id));
      if (low.get(top.id) === index.get(top.id)) close(top.id);
    }
  }
  return circles;
}
