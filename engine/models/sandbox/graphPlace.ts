import { article, bare, counted, countedEn, exit, time } from './graphWords.js';

/** Where something goes, by the names of its neighbours. */
export interface Place {
  readonly after?: string;
  readonly before?: string;
  /** Before all the others. */
  readonly first?: true;
  /** Behind all the others. */
  readonly last?: true;
  /** The way out of the step before it. */
  readonly way?: string;
}

/** "Once A is done" is after A. */
const over = String.raw`(?:\s+(?:(?:is|are|has|have|tiver|estiver|for)\s+)?(?:done|over|finished|finishes|ends|completes?|runs?|ran|termin\w*|acab\w*|rod(?:ar|ou)|pront[oa]))?`;
const patterns = {
  between: new RegExp(
    String.raw`^(.*)(?:^|[\s,]+)(?:entre|between|no meio d[eoa]s?)\s+${article}(.+?)\s+(?:e|and)\s+${article}(.+)$`,
    'iu',
  ),
  after: new RegExp(
    String.raw`^(.*)(?:^|[\s,]+)(?:depois\s+(?:d[eoa]s?|que)|ap[oó]s|after|behind|below|under|following|(?:em)?baixo d[eoa]s?|atr[aá]s d[eoa]|em seguida d?[eoa]?|a seguir a[o]?|quando|assim que|once|as soon as)\s+${article}(.+?)${over}$`,
    'iu',
  ),
  before: new RegExp(
    String.raw`^(.*)(?:^|[\s,]+)(?:antes\s+(?:d[eoa]s?|que)|before|ahead of|above|(?:em )?(?:a?cima) d[eoa]s?|in front of|na frente d[eoa]s?)\s+${article}(.+)$`,
    'iu',
  ),
  first:
    /^(.*?)(?:^|[\s,]+)(?:pra antes de tudo|antes de tudo|(?:logo |bem )?(?:n?o|pro|para o|pra o) (?:come[cç]o|in[ií]cio)|(?:right )?(?:at|to) the (?:very )?(?:start|beginning|top)|before (?:everything|anything)(?: else)?)$/iu,
  last: /^(.*?)(?:^|[\s,]+)(?:bem\s+)?(?:(?:n?o|ao|pro|para o|pra o) (?:fim|final)|por (?:fim|[uú]ltimo)|depois de tudo|after (?:everything|all)(?: else)?|last of all|(?:at|to) the (?:very )?(?:end|bottom))(?:\s+(?:de tudo|do time|do departamento|of (?:it )?all|of the (?:team|department|flow)))?$/iu,
  way: new RegExp(
    String.raw`^(.+?)[\s,]+(?:(?:n[ao]|pel[ao]|on|by|at|through|via)\s+)(?:the\s+)?${exit}\s+(?:d[eoa]\s+)?["“'«]?([\p{L}\p{N} _-]+?)["”'»]?$`,
    'iu',
  ),
  text: /^(.*?)[\s,]+(?:dizendo|perguntando|com o texto|escrevendo|que diga|saying|asking|with the text|that says)\s*:?\s*["“«](.+)["”»]$/iu,
  question: /^(.*?(?:pergunta|mensagem|aviso|question|message)(?:\s+step)?)\s*:?\s*["“«](.+)["”»]$/iu,
  called: /^(.+?)[\s,]+(?:chamad[oa]|com o nome(?: de)?|called|named)\s+(.+)$/iu,
  time: new RegExp(String.raw`^(.+?)\s+(?:(?:de|por|of|for)\s+)?(?:uns\s+|umas\s+|about\s+)?\(?${time}\)?$`, 'iu'),
  timeFirst: new RegExp(String.raw`^${time}\s+(?:(?:of|de)\s+)?(?!(?:n[oa]|em|in|on|to|pr[ao])\s)(\p{L}.*)$`, 'iu'),
} as const;

const placings: readonly (readonly [
  'between' | 'first' | 'after' | 'before' | 'last',
  (found: RegExpExecArray) => Place,
])[] = [
  ['between', ([, , after, before]) => ({ after: bare(after), before: bare(before) })],
  ['first', () => ({ first: true })],
  ['last', () => ({ last: true })],
  ['after', ([, , after]) => ({ after: bare(after) })],
  ['before', ([, , before]) => ({ before: bare(before) })],
];

/** "Right" before, "logo" depois. */
const leading = /(?:(?:^|[\s,]+)(?:pra|para|pro|to|just|right|logo|bem|at[eé]|up|down|over|o|a))+$/iu;

/** The place that a sentence ends with, and what stands before it; `null` when it names none. */
export function readPlace(text: string): { readonly rest: string; readonly place: Place } | null {
  let left = text.trim();
  let way: string | undefined;
  const onWay = patterns.way.exec(left);
  if (onWay) [left, way] = [onWay[1] ?? '', bare(onWay[2])];
  const more = way !== undefined && { way };
  const places = placings.flatMap(([name, placed]) => {
    const found = patterns[name].exec(left);
    return found ? [{ rest: (found[1] ?? '').replace(leading, ''), place: { ...placed(found), ...more } }] : [];
  });
  // The last that is said is the place: "the step after A before B" is a step, and goes before B.
  return places.toSorted((a, b) => b.rest.length - a.rest.length)[0] ?? null;
}

/** A way out that is named behind a step: "A na saída Não". */
export function readWay(text: string): { readonly rest: string; readonly way: string } | null {
  const found = patterns.way.exec(text);
  return found ? { rest: found[1] ?? '', way: bare(found[2]) } : null;
}

export type Unit = 'seconds' | 'minutes' | 'hours' | 'days';
export interface NewStep extends Place {
  readonly what: string;
  readonly called?: string;
  /** What it should say or ask. */
  readonly text?: string;
  /** How long it should wait. */
  readonly amount?: number;
  readonly unit?: Unit;
}

/** What is to be added, and where. `where`: the rest of the sentence, when its beginning has been read already. */
export function readNew(rest: string, where = ''): NewStep {
  let what = rest + where;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(what);
    if (found) what = found[1] ?? '';
    return found;
  };
  const said = (take(patterns.text) ?? take(patterns.question))?.[2];
  const placed = readPlace(what);
  const alone = placed ? null : readWay(what);
  what = placed?.rest ?? alone?.rest ?? what;
  const text = said ?? (take(patterns.text) ?? take(patterns.question))?.[2];
  const called = take(patterns.called)?.[2];
  const timed = patterns.time.exec(what);
  const timedFirst = timed ? null : patterns.timeFirst.exec(what);
  return {
    what: bare(timed?.[1] ?? timedFirst?.[3] ?? what),
    ...placed?.place,
    ...(alone && { way: alone.way }),
    ...(called !== undefined && { called: bare(called).slice(0, 120) }),
    ...(text !== undefined && { text }),
    ...(timed ? durationOf(timed[2], timed[3]) : durationOf(timedFirst?.[1], timedFirst?.[2])),
  };
}

/** "Half an hour" is thirty minutes, "half a day" twelve hours. */
const halves = {
  seconds: [1, 'seconds'],
  minutes: [30, 'seconds'],
  hours: [30, 'minutes'],
  days: [12, 'hours'],
} as const;

export function durationOf(count: string | undefined, word: string | undefined): { amount?: number; unit?: Unit } {
  if (count === undefined || word === undefined) return {};
  const unit = /^s/i.test(word) ? 'seconds' : /^m/i.test(word) ? 'minutes' : /^h/i.test(word) ? 'hours' : 'days';
  const said = count.toLowerCase();
  if (/^(meia|half)/.test(said)) return { amount: halves[unit][0], unit: halves[unit][1] };
  const inWords =
    Math.max(counted.indexOf(said.replace('uma', 'um').replace('duas', 'dois')), countedEn.indexOf(said)) + 1;
  return { amount: /^\d/.test(said) ? Number(said) : Math.max(1, inWords), unit };
}
