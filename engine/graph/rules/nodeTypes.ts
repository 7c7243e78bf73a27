import type { Rule } from './rule.js';

/** Every node is of a type and version that somebody has. */
export const knownTypes: Rule = ({ definition, nodeTypes, typeOf, closest, report }) => {
  const latest = new Map<string, number>();
  for (const { type, version } of nodeTypes) latest.set(type, Math.max(version, latest.get(type) ?? 0));
  for (const node of definition.nodes) {
    if (typeOf(node)) continue;
    const newest = latest.get(node.type);
    if (newest === undefined) {
      const suggestion = closest(node.type, latest.keys());
      report.add('type.unknown', { nodeId: node.id, path: 'type' }, { type: node.type, suggestion });
    } else {
      const params = { type: node.type, version: node.version, latest: newest };
      report.add('type.unknown_version', { nodeId: node.id, path: 'version' }, params);
    }
  }
};
