/** One thing that a request asks for, with the names as they are written. */
export type Clause =
  | {
      readonly do: 'add';
      readonly what: string;
      readonly called?: string;
      readonly after?: string;
      readonly before?: string;
      /** Before all the others. */
      readonly first?: true;
      /** Behind all the others. */
      readonly last?: true;
      readonly way?: string;
      /** What it should say or ask. */
      readonly text?: string;
      /** How long it should wait. */
      readonly amount?: number;
      readonly unit?: 'seconds' | 'minutes' | 'hours' | 'days';
    }
  | { readonly do: 'remove'; readonly what: string }
  | { readonly do: 'connect' | 'disconnect'; readonly from: string; readonly to: string; readonly way?: string }
  | { readonly do: 'rename'; readonly what: string; readonly to: string }
  /** Another text for what a step says, asks or is told. */
  | { readonly do: 'say'; readonly what: string; readonly text: string };

const verb = {
  add: String.raw`adicion\w*|acrescent\w*|coloc\w*|coloqu\w*|p[oõ]e|ponha|p[ôo]r|bot[ae]|bote|inclu\w*|insir\w*|inser\w*|cri[ae]r?|fa(?:z|ça|zer)|add|insert|put|place|include|create`,
  remove: String.raw`remov\w*|tir[ae]r?|apag\w*|exclu\w*|delet\w*|elimin\w*|retir\w*|drop|take out|take away|get rid of`,
  connect: String.raw`conect\w*|lig(?:ue|a|ar)|un[ae]|connect|link|join|wire`,
  disconnect: String.raw`desconect\w*|deslig\w*|separ\w*|disconnect|unlink|detach`,
  rename: String.raw`renome\w*|rename|mud[ae]r? o nome d[aeo]|troc\w* o nome d[aeo]|change the name of|cham[ae]r?|call`,
} as const;
const counted = ['um', 'dois', 'três', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove', 'dez'];
const countedEn = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const time = String.raw`(\d{1,4}|${[...counted, ...countedEn].join('|')}|uma|duas|an?|meia|half an)[\s-]*(segundos?|minutos?|min|horas?|h|dias?|seconds?|minutes?|hours?|days?)`;
const please = String.raw`(?:por favor,?\s+|please,?\s+|(?:voc[eê] )?(?:pode|poderia|can you|could you)\s+|(?:eu\s+)?(?:quero|queria)\s+(?:que\s+(?:el[ea]s?\s+|o time\s+)?)?|(?:let|have|make)\s+(?:it|them)\s+|i want (?:you )?to\s+|agora\s+|now\s+|depois,?\s+|then,?\s+|e\s+|and\s+)*`;
const article = String.raw`(?:(?:o|a|os|as|um|uma|the|an?)\s+)?(?:(?:passo|etapa|step|node|bloco|block)\s+(?:d[eoa]s?\s+|que\s+|pra\s+|para\s+|to\s+|that\s+|called\s+|chamad[oa]\s+)?)?(?:(?:o|a|um|uma|the|an?)\s+)?`;
const patterns = {
  add: new RegExp(String.raw`^${please}(?:${verb.add})\s+${article}(.+)$`, 'iu'),
  remove: new RegExp(String.raw`^${please}(?:${verb.remove})\s+${article}(.+)$`, 'iu'),
  connect: new RegExp(
    String.raw`^${please}(?:${verb.connect})\s+${article}(.+?)\s+(?:diret[oa](?:mente)?\s+|direct(?:ly)?\s+|straight\s+)?(?:a|à|ao|em|no|na|com|at[eé]|to|with|into)\s+${article}(.+)$`,
    'iu',
  ),
  disconnect: new RegExp(
    String.raw`^${please}(?:${verb.disconnect})\s+${article}(.+?)\s+(?:de|do|da|from)\s+${article}(.+)$`,
    'iu',
  ),
  rename: new RegExp(
    String.raw`^${please}(?:${verb.rename})\s+${article}(.+?)\s+(?:para|pra|pro|como|to|as)\s+(.+)$`,
    'iu',
  ),
  chame: new RegExp(String.raw`^${please}(?:cham[ae]r?)\s+${article}(.+?)\s+de\s+(.+)$`, 'iu'),
  call: new RegExp(String.raw`^${please}call\s+${article}(["“”'«].+?["“”'»])\s+(.+)$`, 'iu'),
  say: new RegExp(
    String.raw`^${please}(?:mud[ae]r?|troc\w*|troqu\w*|alter\w*|substitu\w*|change|replace|set|update)\s+(?:(?:o|a|the)\s+)?(?:textos?|mensage(?:m|ns)|pergunta|text|message|question|wording)\s+(?:d[eoa]|n[oa]|em|of|in|on)\s+${article}(.+?)\s+(?:por|pra|para|to|with|by)\s*:?\s*["“«](.+)["”»]$`,
    'iu',
  ),
  between: new RegExp(String.raw`^(.+?)[\s,]+(?:entre|between)\s+${article}(.+?)\s+(?:e|and)\s+${article}(.+)$`, 'iu'),
  after: new RegExp(
    String.raw`^(.+?)[\s,]+(?:(?:logo\s+)?depois\s+d[eoa]s?|ap[oó]s|(?:right\s+)?after|em seguida d?[eoa]?)\s+${article}(.+)$`,
    'iu',
  ),
  before: new RegExp(String.raw`^(.+?)[\s,]+(?:antes\s+d[eoa]s?|(?:right\s+)?before)\s+${article}(.+)$`, 'iu'),
  first:
    /^(.+?)[\s,]+(?:antes de tudo|logo no (?:come[cç]o|in[ií]cio)|no (?:come[cç]o|in[ií]cio)|(?:right )?at the (?:start|beginning)|before (?:everything|anything)(?: else)?)$/iu,
  last: /^(.+?)[\s,]+(?:bem\s+)?(?:no fim|no final|ao final|por (?:fim|[uú]ltimo)|at the (?:very )?end)(?:\s+(?:de tudo|do time|do departamento|of (?:it )?all|of the (?:team|department|flow)))?$/iu,
  way: /^(.+?)[\s,]+(?:(?:n[ao]|pel[ao]|on|by|at)\s+)(?:sa[ií]da|caminho|way|path|branch|output)\s+["“'«]?([\p{L}\p{N} _-]+?)["”'»]?$/iu,
  called: /^(.+?)[\s,]+(?:chamad[oa]|com o nome(?: de)?|called|named)\s+(.+)$/iu,
  text: /^(.+?)[\s,]+(?:dizendo|perguntando|com o texto|escrevendo|que diga|saying|asking|with the text|that says)\s*:?\s*["“«](.+)["”»]$/iu,
  time: new RegExp(String.raw`^(.+?)\s+(?:de|por|of|for)\s+(?:uns\s+|umas\s+|about\s+)?${time}$`, 'iu'),
  timeFirst: new RegExp(String.raw`^${time}\s+(\p{L}.*)$`, 'iu'),
  wait: new RegExp(
    String.raw`^${please}(?:espera|esperar?|espere|aguard(?:a|ar|e)|wait)\s+(?:uns\s+|umas\s+|for\s+|about\s+)*${time}(.*)$`,
    'iu',
  ),
} as const;

/** One request to a line or a sentence. What stands in quotes is never cut. */
export function clausesOfRequest(text: string): string[] {
  const quoted: string[] = [];
  const kept = text.replace(/["“«][^"”»]*["”»]/gu, (quote) => `\uE000${quoted.push(quote) - 1}\uE000`);
  const starts = `${verb.add}|${verb.remove}|${verb.connect}|${verb.disconnect}|${verb.rename}`;
  return kept
    .split(
      new RegExp(
        String.raw`[;\n]+|[.!?]+(?:\s|$)|,?\s+(?:e|and|depois|then|e depois|and then),?\s+(?=(?:${starts})\s)`,
        'iu',
      ),
    )
    .map((clause) => clause.replace(/\uE000(\d+)\uE000/gu, (_, index: string) => quoted[Number(index)] ?? '').trim())
    .filter((clause) => clause !== '');
}

/** What a sentence asks for; `null` when it is none of the plain requests. */
export function readClause(sentence: string): Clause | null {
  const clause = sentence
    .trim()
    .replace(/[.!?\s]+$/u, '')
    .slice(0, 500);
  // "Wait ten minutes before it answers" asks for a step that waits.
  const wait = patterns.wait.exec(clause);
  if (wait) return readAdd(`wait for ${wait[1]} ${wait[2]}`, wait[3]);
  const call = patterns.call.exec(clause);
  if (call) return { do: 'rename', what: bare(call[1]), to: bare(call[2]) };
  const say = patterns.say.exec(clause);
  if (say) return { do: 'say', what: bare(say[1]), text: say[2] ?? '' };
  const rename = patterns.rename.exec(clause) ?? patterns.chame.exec(clause);
  if (rename) return { do: 'rename', what: bare(rename[1]), to: bare(rename[2]).slice(0, 120) };
  const disconnect = patterns.disconnect.exec(clause);
  if (disconnect) return { do: 'disconnect', from: bare(disconnect[1]), to: bare(disconnect[2]) };
  const add = patterns.add.exec(clause);
  if (add?.[1]) return readAdd(add[1]);
  const connect = patterns.connect.exec(clause);
  if (connect) return readConnect(connect[1] ?? '', connect[2] ?? '');
  const remove = patterns.remove.exec(clause);
  if (remove?.[1]) return { do: 'remove', what: bare(remove[1]) };
  return null;
}

function readConnect(from: string, to: string): Clause {
  const way = patterns.way.exec(to) ?? patterns.way.exec(from);
  if (!way) return { do: 'connect', from: bare(from), to: bare(to) };
  const onTo = patterns.way.test(to);
  return {
    do: 'connect',
    from: bare(onTo ? from : way[1]),
    to: bare(onTo ? way[1] : to),
    way: bare(way[2]),
  };
}

/** @param where the rest of the sentence, when the beginning has been read already */
function readAdd(rest: string, where = ''): Clause {
  let what = rest + where;
  let place: { after?: string; before?: string; first?: true; last?: true } = {};
  let way: string | undefined;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(what);
    if (found) what = found[1] ?? '';
    return found;
  };
  const said = take(patterns.text)?.[2];
  const onWay = take(patterns.way);
  if (onWay) way = bare(onWay[2]);
  const between = take(patterns.between);
  if (between) place = { after: bare(between[2]), before: bare(between[3]) };
  else if (take(patterns.first)) place = { first: true };
  else {
    const after = take(patterns.after);
    if (after) place = { after: bare(after[2]) };
    else {
      const before = take(patterns.before);
      if (before) place = { before: bare(before[2]) };
      else if (take(patterns.last)) place = { last: true };
    }
  }
  const text = said ?? take(patterns.text)?.[2];
  const called = take(patterns.called)?.[2];
  const timed = patterns.time.exec(what);
  const timedFirst = timed ? null : patterns.timeFirst.exec(what);
  const waits = timed ? durationOf(timed[2], timed[3]) : durationOf(timedFirst?.[1], timedFirst?.[2]);
  return {
    do: 'add',
    what: bare(timed?.[1] ?? timedFirst?.[3] ?? what),
    ...place,
    ...(way !== undefined && { way }),
    ...(called !== undefined && { called: bare(called).slice(0, 120) }),
    ...(text !== undefined && { text }),
    ...waits,
  };
}

type Unit = 'seconds' | 'minutes' | 'hours' | 'days';
/** "Half an hour" is thirty minutes, "half a day" twelve hours. */
const halves = {
  seconds: [1, 'seconds'],
  minutes: [30, 'seconds'],
  hours: [30, 'minutes'],
  days: [12, 'hours'],
} as const;

function durationOf(count: string | undefined, word: string | undefined): { amount?: number; unit?: Unit } {
  if (count === undefined || word === undefined) return {};
  const unit = /^s/i.test(word) ? 'seconds' : /^m/i.test(word) ? 'minutes' : /^h/i.test(word) ? 'hours' : 'days';
  const said = count.toLowerCase();
  if (/^(meia|half)/.test(said)) return { amount: halves[unit][0], unit: halves[unit][1] };
  const inWords =
    Math.max(counted.indexOf(said.replace('uma', 'um').replace('duas', 'dois')), countedEn.indexOf(said)) + 1;
  return { amount: /^\d/.test(said) ? Number(said) : Math.max(1, inWords), unit };
}

/** Without quotes around it. */
const bare = (text: string | undefined): string =>
  (text ?? '')
    .trim()
    .replace(/^["“”'«]+|["“”'»]+$/gu, '')
    .trim();
