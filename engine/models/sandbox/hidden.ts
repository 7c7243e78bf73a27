interface Hidden {
  readonly text: string;
  readonly show: (text: string) => string;
}

let marks = 0;
/** Puts a mark in the place of each match, which no pattern cuts. */
export function hide(text: string, pattern: RegExp, around = (mark: string): string => mark): Hidden {
  const kept: string[] = [];
  const mark = String.fromCharCode(0xe000 + (marks = (marks + 1) % 1_000));
  return {
    text: text.replace(pattern, (match: string, inside: unknown) =>
      around(`${mark}${kept.push(typeof inside === 'string' ? inside : match) - 1}${mark}`),
    ),
    show: (part) => part.replace(new RegExp(`${mark}(\\d+)${mark}`, 'g'), (_, at: string) => kept[Number(at)] ?? ''),
  };
}

/** Short names of one word are words like any other. */
const isTelling = (name: string): boolean => /\S\s+\S/.test(name.trim()) && name.trim().length >= 6;

/** Hides the names of steps and kinds of steps, which are full of words that mean something else in a request. */
export function hideNames(text: string, names: readonly string[]): Hidden {
  const telling = [...new Set(names.filter(isTelling).map((name) => name.trim()))].toSorted(
    (a, b) => b.length - a.length,
  );
  if (telling.length === 0) return { text, show: (part) => part };
  const any = telling.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return hide(text, new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, 'giu'));
}
