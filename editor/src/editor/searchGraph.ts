import type { Json } from '#nodes/sdk/json.js';
import type { Definition } from '../api/types.js';

/** Where a text stands in a department. `path` is that of the field below the node: `title`, `note`, `config.text`. */
export interface Found {
  readonly nodeId: string;
  readonly path: string;
  readonly text: string;
}

/** Every text of every step that holds what is looked for, case and accents as they are when `exact`. */
export function findText(definition: Definition, search: string, exact: boolean): readonly Found[] {
  if (search === '') return [];
  const matches = matcher(search, exact);
  return definition.nodes.flatMap((node) => {
    const texts: Found[] = [];
    const look = (value: Json | undefined, path: string): void => {
      if (typeof value === 'string') {
        if (value.match(matches)) texts.push({ nodeId: node.id, path, text: value });
      } else if (Array.isArray(value)) value.forEach((item, index) => look(item, `${path}.${index}`));
      else if (typeof value === 'object' && value !== null)
        for (const [key, item] of Object.entries(value)) look(item, `${path}.${key}`);
    };
    look(node.title, 'title');
    look(node.note, 'note');
    look(node.config as Json, 'config');
    return texts;
  });
}

export const replaceText = (text: string, search: string, replacement: string, exact: boolean): string =>
  text.replace(matcher(search, exact), () => replacement);

const matcher = (search: string, exact: boolean): RegExp =>
  new RegExp(search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), exact ? 'gu' : 'giu');
