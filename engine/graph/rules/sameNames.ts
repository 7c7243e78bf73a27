import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { fieldTitle } from '../fieldTitle.js';
import { derefSchema } from '../schemaAt.js';
import type { Rule } from './rule.js';

/** Items of a list that are known by a name used as it is written (values, facts, choices that draw ways out): of two with one name only one counts. */
export const sameNames: Rule = ({ definition, typeOf, report }) => {
  for (const node of definition.nodes) {
    const root = typeOf(node)?.config;
    const properties = root?.['properties'];
    if (!root || !isObject(properties)) continue;
    for (const [field, schema] of Object.entries(properties)) {
      const items = node.config[field];
      if (!Array.isArray(items) || !isObject(schema) || !isNamed(root, schema)) continue;
      const seen = new Set<string>();
      for (const [index, item] of items.entries()) {
        const name = isObject(item) ? item['name'] : undefined;
        if (typeof name !== 'string' || name === '') continue;
        if (seen.has(name))
          report.add(
            'config.same_name',
            { nodeId: node.id, path: `config.${field}.${index}.name` },
            { field: fieldTitle(root, [field]), name },
          );
        seen.add(name);
      }
    }
  }
};

function isNamed(root: JsonObject, schema: JsonObject): boolean {
  const { items } = derefSchema(root, schema);
  const { properties } = isObject(items) ? derefSchema(root, items) : {};
  const name = isObject(properties) ? properties['name'] : undefined;
  const ui = isObject(name) ? (name['ui'] ?? derefSchema(root, name)['ui']) : undefined;
  return isObject(ui) && ui['literal'] === true;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
