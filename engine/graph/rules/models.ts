import type { ProblemFix } from '../definition.js';
import { pickedFields } from './picked.js';
import type { Rule } from './rule.js';

/** A model that a step is to think with is one of those that there are. */
export const models: Rule = ({ definition, typeOf, known, report, closest }) => {
  if (!known.models) return;
  for (const node of definition.nodes) {
    for (const { name } of pickedFields(typeOf(node)?.config, 'model')) {
      const id = node.config[name];
      if (typeof id !== 'string' || id === '' || known.models.includes(id)) continue;
      const suggestion = closest(id, known.models);
      const path = `config.${name}`;
      const fix: ProblemFix | undefined =
        suggestion === undefined ? undefined : { kind: 'setConfig', nodeId: node.id, path, value: suggestion };
      report.add('model.unknown', { nodeId: node.id, path, fix }, { name: id, suggestion });
    }
  }
};
