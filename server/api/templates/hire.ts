import type { Definition } from '#engine/graph/definition.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Template } from './library.js';

/** The template's definition in a language: what it says differently there in place of what it says otherwise. */
export function definitionIn({ definition, locales }: Template, locale: Locale): Definition {
  const words = locales?.[locale];
  if (!words) return definition;
  return {
    ...definition,
    nodes: definition.nodes.map((node) => ({
      ...node,
      ...(words.titles[node.id] !== undefined && { title: words.titles[node.id] }),
      config: { ...node.config, ...words.config[node.id] },
    })),
  };
}
