import type { Locale } from '#nodes/sdk/text.js';
import type { PublicNode } from '../api/types.js';

/** The six groups, in the order of a department: what starts it first, what it does last. */
export const groupOrder = [
  'trigger',
  'agent',
  'logic',
  'human',
  'data',
  'channel',
] as const satisfies readonly PublicNode['group'][];

const plainText = (text: string): string => text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/** Kinds of steps that a search finds, best first: by title, then by what they do, accents not counted. Both languages count. */
export function findKinds(nodeTypes: readonly PublicNode[], search: string, locale: Locale): readonly PublicNode[] {
  const words = plainText(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return nodeTypes;
  const scored = nodeTypes.flatMap((type) => {
    const title = plainText(type.title[locale]);
    const rest = plainText(
      `${type.title['pt-BR']} ${type.title.en} ${type.summary['pt-BR']} ${type.summary.en} ${type.type}`,
    );
    if (!words.every((word) => title.includes(word) || rest.includes(word))) return [];
    const outside = words.filter((word) => !title.includes(word)).length;
    return [{ type, score: outside * 2 + (title.startsWith(words[0] ?? '') ? 0 : 1) }];
  });
  return scored.sort((a, b) => a.score - b.score).map(({ type }) => type);
}
