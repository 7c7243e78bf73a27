import { oneSlip } from './spelling.js';

/** How people type on a phone, spelt out; what stands in quotes and names of steps are hidden before. */
const short: Readonly<Record<string, string>> = {
  ...{ q: 'que', oq: 'o que', dps: 'depois', dpois: 'depois', vc: 'você', vcs: 'vocês', cê: 'você', ce: 'você' },
  ...{
    n: 'não',
    ñ: 'não',
    naum: 'não',
    p: 'pra',
    'p/': 'pra',
    'c/': 'com',
    qdo: 'quando',
    qnd: 'quando',
    qd: 'quando',
  },
  ...{ msg: 'mensagem', msgs: 'mensagens', hr: 'hora', hrs: 'horas', seg: 'segundos', segs: 'segundos' },
  ...{ mins: 'minutes', sec: 'seconds', secs: 'seconds', tb: 'também', tbm: 'também', td: 'tudo', pq: 'por que' },
  ...{ pf: 'por favor', pfv: 'por favor', pfvr: 'por favor', pfavor: 'por favor', pls: 'please', plz: 'please' },
  ...{ u: 'you', dont: "don't", lets: "let's", wanna: 'want to', cant: "can't", im: "I'm", btw: 'between' },
};
const word = /(?<![\p{L}\p{N}'’])[\p{L}]+(?:\/(?=\s)|(?![\p{L}\p{N}'’/.]))/gu;

/** Chat abbreviations spelt out. */
export const speltOut = (text: string): string =>
  text.replace(word, (each) => (Object.hasOwn(short, each.toLowerCase()) ? (short[each.toLowerCase()] ?? each) : each));

/** 'So quoted' is quoted "so"; an apostrophe within a word is none. */
export const quotedAlike = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}])['‘]((?:[^'’"\n]|(?<=\p{L})['’](?=\p{L}))+)['’](?![\p{L}\p{N}])/gu, '"$1"');

const asks = [
  // Greetings, and calling for attention.
  String.raw`oi+e?|ol[aá]|opa|ei|hi|hey|hello|bo[am] (?:dia|tarde|noite)|good (?:morning|afternoon|evening)|gente|pessoal|ent[aã]o|so|ok|okay|beleza|blz|a[ií]|now|agora|também|also|just|tudo bem|by the way`,
  String.raw`por (?:favor|gentileza)|fa(?:z|ça|zer) (?:o )?favor(?: de)?|do me a favou?r(?: and)?|please|kindly|(?:me )?ajuda(?:r)? a|help me(?: to)?|se (?:voc[eê] )?puder|if you (?:can|could)|if possible|se (?:der|poss[ií]vel)(?=,| por)`,
  // "Can you", "would you mind", "I would like you to".
  String.raw`(?:ser[aá] que\s+)?(?:(?:voc[eê]s?|tu|a gente|o time)\s+)?(?:pode(?:m|s|ria|mos)?|consegu?e|consegue|poderia)(?:\s+(?:me ajudar a|voc[eê]))?`,
  String.raw`(?:ser[aá] que\s+)?(?:tem como|d[aá](?:ria)? (?:pr?a|para)|(?:é|e|seria) poss[ií]vel)(?:\s+(?:voc[eê]|a gente))?`,
  String.raw`(?:can|could|would|will) (?:you|we|i)(?: help me)?(?: mind| like to)?|is it possible to|(?:how|what) about|que tal|bora|vamos|vamo|let's|let us|(?:i think )?(?:you|we) (?:should|must|need to|have to)`,
  String.raw`(?:(?:eu|a gente)\s+)?(?:quero|queria|quer|gostaria(?: de)?|preciso(?: de)?|precisava|precisamos|tem que|acho que)(?:\s+que)?(?:\s+(?:voc[eê]|el[ea]s?|o time))?`,
  String.raw`(?:i|we)(?:'d| would| do)? ?(?:want|like|love|need)(?: (?:you|it|them|the (?:team|flow)))?(?: to)?`,
  String.raw`(?:let|have|make)\s+(?:it|them)|depois(?=,|\s+(?!d[eoa]s?\b|que\b))|then|e|and|first|primeiro(?=,)|next|finally|por fim(?=,)`,
];
const front = new RegExp(String.raw`^(?:${asks.join('|')})(?:[,!:]+\s*|\s+)`, 'iu');
/** One of them at a time: in a group that repeats, a row of commas could be divided in as many ways as there are. */
const back =
  /(?:[\s,.!?]+|[,.!?]\s*(?:t[aá]|viu|ok(?:ay)?|beleza|blz|n[eé])|[,.!?\s]+(?:por (?:favor|gentileza)|please|(?:muito |mt )?(?:obrigad[oa]|brigad[oa]|obg|valeu|vlw)|(?:many )?thanks(?: a lot| so much)?|thank you(?: so much)?|thx|ty|pra mim|for me|pode ser|t[aá] bom|tudo bem|if that['’]?s (?:ok(?:ay)?|alright|fine|possible)|if you don['’]?t mind|(?:can|could|would|will) you|se (?:puder|der|poss[ií]vel)|if (?:you can|possible)|(?:right )?now|agora|a[ií]|l[aá]|bjs?))$/iu;
const alone =
  /^(?:oi+|ol[aá]|opa|hi|hey|hello|bo[am] (?:dia|tarde|noite)|obrigad[oa]|brigad[oa]|obg|valeu|vlw|thanks|thank you|thx|please|por favor)$/iu;

/** A request without greeting, asking and thanking around it; nothing when there is nothing else. */
export function plainly(clause: string): string {
  let left = clause.trim().replace(/^[\p{L}]+(?=\s)/u, verbMeant);
  for (let before = ''; left !== before;) {
    before = left;
    left = left.replace(back, '').replace(front, '').trim();
  }
  return alone.test(left) ? '' : imperative(left);
}

/** The verb that the first word is with two letters changed about, one left out or one too many: another letter may make another verb ("renova"). */
const verbMeant = (first: string): string => {
  const said = first.toLowerCase();
  return verbs.find((verb) => verb !== said && said[0] === verb[0] && isMistyped(said, verb)) ?? first;
};
const verbs =
  'please remove delete rename connect disconnect replace duplicate insert change remova remover renomeia renomear conecta conectar desconecta desconectar duplica duplicar adiciona adicionar coloca colocar inverte substitui'.split(
    ' ',
  );
const isMistyped = (said: string, verb: string): boolean => {
  const sorted = (word: string): string => [...word].toSorted().join('');
  const [one, other] = [sorted(said), sorted(verb)];
  if (said.length === verb.length) return one === other && oneSlip(said, verb);
  return Math.abs(said.length - verb.length) === 1 && oneSlip(said, verb) && !verbs.includes(said);
};

const bases =
  'add insert include create put place stick move shift bring remove delete drop take get connect link join hook disconnect unlink rename call duplicate clone copy repeat swap switch exchange replace change set send ask say write make turn wait cut use'.split(
    ' ',
  );
const gerunds = new Map(
  bases.flatMap((base) => [
    [`${base.replace(/e$/, '')}ing`, base],
    [`${base}${base.at(-1) ?? ''}ing`, base],
  ]),
);
/** "(Would you mind) removing A" asks to "remove A". */
const imperative = (clause: string): string =>
  clause.replace(/^[a-z]+ing(?=\s)/iu, (first) => gerunds.get(first.toLowerCase()) ?? first);
