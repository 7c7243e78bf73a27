import { words } from './fold.js';
import { stem } from './stem.js';
import { isStopWord } from './stopWords.js';
import { conceptsOf, type Concept } from './concepts.js';

const week: readonly Concept[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const day = new Map<string, number>(
  [
    'segunda|monday',
    'terca|tuesday',
    'quarta|wednesday',
    'quinta|thursday',
    'sexta|friday',
    'sabado|saturday',
    'domingo|sunday',
  ].flatMap((names, index) =>
    names.split('|').flatMap((name): [string, number][] => [
      [name, index],
      [`${name}s`, index],
    ]),
  ),
);
const between = new Set(['a', 'ate', 'ao', 'to', 'through', 'thru', 'until', 'till']);

/** Days that a text covers without naming them: `terça a sábado` covers quarta, quinta and sexta; `todos os dias` covers all. */
function coveredDays(text: readonly string[]): Concept[] {
  const plain = text.join(' ');
  if (/\b(todos os dias|todo dia|diariamente|every day|daily|seven days|24 horas)\b/.test(plain)) return [...week];
  const found: Concept[] = [];
  if (/\b(fi[mn]s? de semana|finais de semana|fds|weekends?)\b/.test(plain)) found.push('saturday', 'sunday');
  if (/\b(dias uteis|dia de semana|weekdays?)\b/.test(plain)) found.push(...week.slice(0, 5));
  const spoken = text.filter((word) => word !== 'feira' && word !== 'feiras');
  spoken.forEach((word, index) => {
    const from = day.get(word);
    const to = day.get(spoken[index + 2] ?? '');
    if (from === undefined || to === undefined || !between.has(spoken[index + 1] ?? '')) return;
    for (let at = from; at !== to; at = (at + 1) % 7) found.push(week[at] as Concept);
  });
  return found;
}

export interface Features {
  readonly concepts: ReadonlySet<Concept>;
  /** Stems of the words that carry meaning. */
  readonly stems: ReadonlySet<string>;
  /** Those of them that no concept accounts for: names, flavours, things of other trades. Stem to the word as written (folded). */
  readonly unknown: ReadonlyMap<string, string>;
}

/** What a text is about, comparable between Portuguese and English. */
export function featuresOf(text: string): Features {
  const list = words(text);
  const { concepts, covered } = conceptsOf(list);
  const stems = new Set<string>();
  const unknown = new Map<string, string>();
  list.forEach((word, index) => {
    if (isStopWord(word)) return;
    stems.add(stem(word));
    if (!covered[index]) unknown.set(stem(word), word);
  });
  return { concepts: new Set([...concepts, ...coveredDays(list)]), stems, unknown };
}
