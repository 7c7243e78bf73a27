import type { Rule } from './rule.js';

/** Words that cannot follow `steps.`, that objects have of themselves, or that a compiled graph uses. */
// prettier-ignore
export const reservedIds: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'steps', 'trigger',
  '__proto__', 'constructor', 'prototype',
  '__start__', '__end__', '__input__', '__error__', '__interrupt__', '__resume__',
]);

export const duplicateNodeIds: Rule = ({ definition, report }) => {
  const seen = new Set<string>();
  for (const { id } of definition.nodes) {
    if (seen.has(id)) report.add('id.duplicate_node', { nodeId: id, path: 'id' }, { id });
    seen.add(id);
  }
};

export const duplicateEdgeIds: Rule = ({ definition, report }) => {
  const seen = new Set<string>();
  for (const { id } of definition.edges) {
    if (seen.has(id)) report.add('id.duplicate_edge', { edgeId: id, path: 'id' }, { id });
    seen.add(id);
  }
};

export const reservedNodeIds: Rule = ({ definition, report, typeOf }) => {
  for (const node of definition.nodes) {
    // `steps.trigger` reads well and is a field, not a name: a trigger may be called by what it is.
    const named = node.id === 'trigger' && typeOf(node)?.kind === 'trigger';
    if (reservedIds.has(node.id) && !named) report.add('id.reserved', { nodeId: node.id, path: 'id' }, { id: node.id });
  }
};
