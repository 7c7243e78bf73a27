import type { Definition } from '#engine/graph/definition.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { TemplateWithDefinition } from './schemas.js';

/** The template's definition as a first draft: nodes without a title of their own are called what their type is called, in the organization's language. */
export function hiredDefinition(
  template: TemplateWithDefinition,
  locale: Locale,
  nodeTypes: readonly PublicNode[],
): Definition {
  const titles = new Map(nodeTypes.map((type) => [type.type, type.title[locale]]));
  return {
    ...template.definition,
    nodes: template.definition.nodes.map((node) => {
      const title = node.title ?? titles.get(node.type);
      return title === undefined ? node : { ...node, title };
    }),
  };
}
