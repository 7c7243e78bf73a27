/** An ending, what replaces it, and how long the rest must be (4 unless said): `tema` must not become `tem`. */
const endings: readonly (readonly [RegExp, string, number?])[] = [
  // Portuguese plurals and diminutives
  [/(?:oes|aes|aos)$/, 'ao', 3],
  [/(?:ais)$/, 'al', 3],
  [/(?:eis)$/, 'el', 3],
  [/(?:ois)$/, 'ol', 3],
  [/(?:zinhos?|zinhas?)$/, ''],
  [/(?:inhos?|inhas?)$/, ''],
  // English
  [/ies$/, 'y', 3],
  [/(?:sses)$/, 'ss'],
  [/ing$/, ''],
  // Portuguese verbs: the forms a customer and a notice use
  [/(?:ariamos|eriamos|iriamos|assemos|essemos|issemos)$/, ''],
  [/(?:aremos|eremos|iremos|avamos|ariam|eriam|iriam)$/, ''],
  [/(?:amos|emos|imos|ando|endo|indo|aram|eram|iram|avam)$/, ''],
  [/(?:ado|ada|ados|adas|ido|ida|idos|idas)$/, ''],
  [/(?:aria|eria|iria|arei|erei|irei|ava|iam|ou|eu|iu)$/, ''],
  [/ed$/, ''],
  [/s$/, '', 3],
  [/(?:ar|er|ir|am|em|ao)$/, ''],
  [/[aeoiy]$/, ''],
];

/**
 * A light stem of a folded word, for Portuguese and English alike: enough for `entrega`, `entregam`, `entregamos` and `entregar`, or
 * `delivers` and `delivery`, to meet. Never shortens below three letters, plurals apart below four. It is not a dictionary: what must meet across languages is in `concepts.ts`.
 */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  let result = word;
  for (const [ending, replacement, least = 4] of endings) {
    const next = result.replace(ending, replacement);
    if (next !== result && next.length >= least) result = next;
  }
  return result;
}
