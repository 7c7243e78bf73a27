import type { ProblemFix } from '../definition.js';
import { pickedFields } from './picked.js';
import type { Rule } from './rule.js';

/** Every source that a step is to look in is there. Who loses one of several may go on with the others; without the last it would look in all. */
export const knowledge: Rule = ({ definition, typeOf, known, report, nameOf }) => {
  if (!known.sources) return;
  const there = new Set(known.sources);
  for (const node of definition.nodes) {
    for (const { name } of pickedFields(typeOf(node)?.config, 'knowledge')) {
      const chosen = node.config[name];
      if (!Array.isArray(chosen)) continue;
      const lost = chosen.filter((id) => typeof id === 'string' && !there.has(id));
      if (lost.length === 0) continue;
      const kept = chosen.filter((id) => !lost.includes(id));
      const path = `config.${name}`;
      const fix: ProblemFix | undefined =
        kept.length > 0 ? { kind: 'setConfig', nodeId: node.id, path, value: kept } : undefined;
      report.add('knowledge.unknown', { nodeId: node.id, path, fix }, { node: nameOf(node), count: lost.length });
    }
  }
};
