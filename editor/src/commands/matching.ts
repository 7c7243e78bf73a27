const plain = (text: string): string => text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/**
 * How well a name fits what is searched, from 0 (not at all) to 1: every word of the search must be in the name or in what is said about
 * it, as it is written but for accents and capitals. Names that begin with it come first, then those with a word that does.
 */
export function matchOf(name: string, search: string, about: readonly string[] = []): number {
  const [title, rest, sought] = [plain(name), plain(about.join(' ')), plain(search).trim()];
  const words = sought.split(/\s+/).filter(Boolean);
  if (!words.every((word) => title.includes(word) || rest.includes(word))) return 0;
  if (title.startsWith(sought)) return 1;
  if (words.every((word) => ` ${title}`.includes(` ${word}`))) return 0.8;
  return words.every((word) => title.includes(word)) ? 0.6 : 0.3;
}
