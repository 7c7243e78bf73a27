import type { Rule } from './rule.js';

/** Something starts the department. */
export const someTrigger: Rule = ({ definition, typeOf, misshapen, report }) => {
  if (misshapen.size > 0) return;
  // Of a type that nobody has it cannot be said what it does.
  if (definition.nodes.some((node) => !typeOf(node) || typeOf(node)?.kind === 'trigger')) return;
  report.add('trigger.none');
};

/** What starts the department stands at the top. */
export const triggersAtTheTop: Rule = ({ definition, typeOf, nameOf, report }) => {
  for (const node of definition.nodes) {
    if (node.parentId !== undefined && typeOf(node)?.kind === 'trigger') {
      report.add('trigger.inside', { nodeId: node.id, path: 'parentId' }, { node: nameOf(node) });
    }
  }
};

/** At the top, a path leads from a trigger to every node, except those that only undo others. In a body every first node starts. */
export const reachability: Rule = ({ definition, flow, typeOf, nameOf, report }) => {
  const undoing = new Set(definition.nodes.map((node) => node.compensateWith));
  const starts = definition.nodes.filter((node) => node.parentId === undefined && typeOf(node)?.kind === 'trigger');
  if (starts.length === 0) return;
  const reached = new Set(starts.map((node) => node.id));
  const queue = [...starts];
  for (const node of queue) {
    for (const edge of flow.outgoing(node)) {
      const target = flow.nodes.get(edge.to.node);
      if (!target || reached.has(target.id)) continue;
      reached.add(target.id);
      queue.push(target);
    }
  }
  for (const node of flow.nodes.values()) {
    if (node.parentId !== undefined || reached.has(node.id) || undoing.has(node.id)) continue;
    report.add('node.unreachable', { nodeId: node.id }, { node: nameOf(node) });
  }
};
