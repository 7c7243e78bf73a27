/** Lower case, no accents, no decoration: what two spellings of one word share. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’`´]/g, "'")
    .replace(/([a-z])\1{2,}/g, '$1');
}

/** How people write on a phone. */
const short = new Map(
  Object.entries({
    q: 'que',
    qnt: 'quanto',
    qnto: 'quanto',
    qto: 'quanto',
    qts: 'quantos',
    qdo: 'quando',
    qd: 'quando',
    vc: 'voce',
    vcs: 'voces',
    hj: 'hoje',
    amnh: 'amanha',
    amanh: 'amanha',
    p: 'pra',
    whats: 'what',
    wheres: 'where',
    hows: 'how',
    oq: 'que',
    td: 'tudo',
    tds: 'todos',
    ctg: 'contigo',
    msm: 'mesmo',

    pq: 'porque',
    u: 'you',
    ur: 'your',
    hrs: 'horas',
    dom: 'domingo',
    sab: 'sabado',
    seg: 'segunda',
    tues: 'tuesday',
    thurs: 'thursday',
  }),
);

/** Words and numbers of a text, folded and with chat abbreviations spelt out, in order. `7h30` stays whole; apostrophes split (`don't` gives `don`, `t`). */
export function words(text: string): string[] {
  return (fold(text).match(/[a-z0-9]+/g) ?? []).map((word) => short.get(word) ?? word);
}
