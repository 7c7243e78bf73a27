import { limits, type NodeDefinition } from '../definition.js';
import { isContainer, type Rule } from './rule.js';

/** A node's parent is there and holds nodes. */
export const parents: Rule = ({ definition, flow, typeOf, nameOf, misshapen, report }) => {
  for (const node of definition.nodes) {
    if (node.parentId === undefined || misshapen.has(node.parentId)) continue;
    const parent = flow.parentOf(node);
    const place = { nodeId: node.id, path: 'parentId' };
    if (!parent) report.add('parent.missing', place, { id: node.parentId });
    else if (typeOf(parent) && !isContainer(typeOf(parent)))
      report.add('parent.not_container', place, { node: nameOf(parent) });
  }
};

/** No container is inside itself, however many lie between; and none is too deep. */
export const nesting: Rule = ({ flow, nameOf, report }) => {
  const depths = new Map<NodeDefinition, number>();
  const onCircle = new Set<NodeDefinition>();
  for (const start of flow.nodes.values()) {
    const chain: NodeDefinition[] = [];
    let node: NodeDefinition | undefined = start;
    // Each node is walked once: its depth is known afterwards.
    while (node && !depths.has(node) && !chain.includes(node) && chain.length <= limits.nodes) {
      chain.push(node);
      node = flow.parentOf(node);
    }
    const circle = node && !depths.has(node) ? chain.slice(chain.indexOf(node)) : [];
    for (const member of circle) onCircle.add(member);
    if (circle.length > 0) {
      const shown = circle.slice(0, 10).map((member) => `"${nameOf(member)}"`);
      report.add('parent.cycle', { nodeId: circle[0]?.id, path: 'parentId' }, { nodes: shown.join(', ') });
    }
    let depth = node && circle.length === 0 ? (depths.get(node) ?? -1) : -1;
    for (const member of chain.toReversed()) {
      depth = onCircle.has(member) ? 0 : depth + 1;
      depths.set(member, depth);
    }
  }
  for (const [node, depth] of depths) {
    // Reported once, where the limit is passed, and not for everything further in.
    if (depth === limits.containerDepth + 1) {
      report.add(
        'size.containers',
        { nodeId: node.id, path: 'parentId' },
        { node: nameOf(node), limit: limits.containerDepth },
      );
    }
  }
};

export const emptyContainers: Rule = ({ definition, typeOf, nameOf, report }) => {
  const filled = new Set(definition.nodes.map((node) => node.parentId));
  for (const node of definition.nodes) {
    if (isContainer(typeOf(node)) && !filled.has(node.id)) {
      report.add(
        'container.empty',
        { nodeId: node.id, fix: { kind: 'removeNode', nodeId: node.id } },
        { node: nameOf(node) },
      );
    }
  }
};
