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

const to = String.raw`(?:(?:pra|para|pro|to)\s+)?(?:(?:just|right|logo|bem)\s+)?`;
const patterns = {
  between: new RegExp(
    String.raw`^(.*?)(?:^|[\s,]+)${to}(?:entre|between|no meio d[eoa]s?)\s+${article}(.+?)\s+(?:e|and)\s+${article}(.+)$`,
    'iu',
  ),
  after: new RegExp(
    String.raw`^(.*?)(?:^|[\s,]+)${to}(?:depois\s+(?:d[eoa]s?|que)|ap[oó]s|after|behind|em seguida d?[eoa]?|quando)\s+${article}(.+)$`,
    'iu',
  ),
  before: new RegExp(
    String.raw`^(.*?)(?:^|[\s,]+)${to}(?:antes\s+(?:d[eoa]s?|que)|before|in front of|na frente d[eoa]s?)\s+${article}(.+)$`,
    'iu',
  ),
  first:
    /^(.*?)(?:^|[\s,]+)(?:pra antes de tudo|antes de tudo|(?:logo |bem )?(?:n?o|pro|para o|pra o) (?:come[cç]o|in[ií]cio)|(?:right )?(?:at|to) the (?:very )?(?:start|beginning|top)|before (?:everything|anything)(?: else)?)$/iu,
  last: /^(.*?)(?:^|[\s,]+)(?:bem\s+)?(?:(?:n?o|ao|pro|para o|pra o) (?:fim|final)|por (?:fim|[uú]ltimo)|(?:at|to) the (?:very )?(?:end|bottom))(?:\s+(?:de tudo|do time|do departamento|of (?:it )?all|of the (?:team|department|flow)))?$/iu,
  way: new RegExp(
    String.raw`^(.+?)[\s,]+(?:(?:n[ao]|pel[ao]|on|by|at|through|via)\s+)(?:the\s+)?${exit}\s+(?:d[eoa]\s+)?["“'«]?([\p{L}\p{N} _-]+?)["”'»]?$`,
    'iu',
  ),
  text: /^(.*?)[\s,]+(?:dizendo|perguntando|com o texto|escrevendo|que diga|saying|asking|with the text|that says)\s*:?\s*["“«](.+)["”»]$/iu,
  question: /^(.*?(?:pergunta|mensagem|aviso|question|message))\s*:?\s*["“«](.+)["”»]$/iu,
  called: /^(.+?)[\s,]+(?:chamad[oa]|com o nome(?: de)?|called|named)\s+(.+)$/iu,
  time: new RegExp(String.raw`^(.+?)\s+(?:de|por|of|for)\s+(?:uns\s+|umas\s+|about\s+)?${time}$`, 'iu'),
  timeFirst: new RegExp(String.raw`^${time}\s+(\p{L}.*)$`, 'iu'),
} as const;

/** The place that a sentence ends with, and what stands before it; `null` when it names none. */
export function readPlace(text: string): { readonly rest: string; readonly place: Place } | null {
  let left = text.trim();
  let way: string | undefined;
  const onWay = patterns.way.exec(left);
  if (onWay) [left, way] = [onWay[1] ?? '', bare(onWay[2])];
  const more = way !== undefined && { way };
  const between = patterns.between.exec(left);
  if (between) return { rest: between[1] ?? '', place: { after: bare(between[2]), before: bare(between[3]), ...more } };
  const first = patterns.first.exec(left);
  if (first) return { rest: first[1] ?? '', place: { first: true, ...more } };
  const after = patterns.after.exec(left);
  if (after) return { rest: after[1] ?? '', place: { after: bare(after[2]), ...more } };
  const before = patterns.before.exec(left);
  if (before) return { rest: before[1] ?? '', place: { before: bare(before[2]), ...more } };
  const last = patterns.last.exec(left);
  if (last) return { rest: last[1] ?? '', place: { last: true, ...more } };
  return null;
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
