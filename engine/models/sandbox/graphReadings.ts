import type { Clause } from './graphClause.js';
import { patterns } from './graphPatterns.js';
import { durationOf, readNew, readPlace, readWay } from './graphPlace.js';
import { bare, verb } from './graphWords.js';

type Found = readonly (string | undefined)[];
/** What each pattern comes to, in the order in which they are tried; `null` goes on to the next. */
const readings: readonly (readonly [keyof typeof patterns, (found: Found) => Clause | null])[] = [
  ['wait', ([, count, unit, rest]) => ({ do: 'add', ...readNew(`wait for ${count} ${unit}`, rest) })],
  ['fails', ([, one, other, third, to]) => ({ do: 'fails', what: bare(one ?? other ?? third), to: bare(to) })],
  ['onError', ([, what, to]) => ({ do: 'fails', what: bare(what), to: bare(to) })],
  ['when', ([, said = '', to]) => ({ do: 'when', said, to: bare(to) })],
  ['whenPerson', ([, said = '', to]) => ({ do: 'when', said, to: bare(to) })],
  ['unwanted', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['mustBe', ([, field, what, value = '']) => readSet(field, what, value)],
  ['call', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['giveName', ([, to, what]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['giveItName', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['sayBy', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['putText', ([, said = '', what]) => ({ do: 'say', what: bare(what), text: said })],
  ['say', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['sayIn', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['makeSay', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['shouldSay', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['chame', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['nameIt', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['rename', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  ['becomes', ([, what, to]) => ({ do: 'rename', what: bare(what), to: title(to) })],
  [
    'toggle',
    ([, verbs = '', field = '', what]) => ({
      do: 'set',
      what: bare(what),
      field: bare(field),
      value: new RegExp(`^(?:${verb.off})$`, 'iu').test(verbs) ? 'false' : 'true',
    }),
  ],
  [
    'toggleLast',
    ([, , field, on, what]) => ({
      do: 'set',
      what: bare(what),
      field: bare(field),
      value: on?.toLowerCase() === 'off' ? 'false' : 'true',
    }),
  ],
  ['doing', ([, verbs = '', said = '', where = '']) => readDoing(verbs, said, where)],
  ['hand', ([, where = '']) => inPlace('human.handoff', where)],
  ['copyOf', ([, what = '']) => readDuplicate(what)],
  ['duplicate', ([, what = '']) => readDuplicate(what)],
  ['move', ([, what = '', where = '']) => readMove(`${what} ${where}`)],
  ['cutBetween', ([, one, other]) => ({ do: 'cut', one: bare(one), other: bare(other) })],
  ['cutWay', ([, way, from, to]) => ({ do: 'disconnect', from: bare(from), to: bare(to), way: bare(way) })],
  ['disconnect', ([, from, to]) => ({ do: 'disconnect', ...fromWay(from), to: bare(to) })],
  ['cutBoth', ([, one, other]) => ({ do: 'cut', one: bare(one), other: bare(other) })],
  ['makeCome', ([, what, where = '']) => readComes(bare(what), where)],
  ['drawLine', ([, from, to]) => ({ do: 'connect', from: bare(from), to: bare(to) })],
  ['tradePlaces', ([, what, other]) => ({ do: 'swap', what: bare(what), with: bare(other) })],
  ['dispensable', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['moveThe', ([, what = '']) => readMove(what)],
  ['timeIn', ([, count, unit, what]) => readWaitSet(what, count, unit)],
  ['comes', ([, what, where = '']) => readComes(bare(what), where)],
  ['add', ([, rest = '']) => ({ do: 'add', ...readNew(rest) })],
  ['put', ([, verbs = '', which = '', rest = '']) => readPut(verbs, which, rest)],
  [
    'connectWay',
    ([, one, other, from, to]) => ({ do: 'connect', from: bare(from), to: bare(to), way: bare(one ?? other) }),
  ],
  ['connect', ([, from = '', to = '']) => readConnect(from, to)],
  ['leads', ([, from, to]) => ({ do: 'connect', from: bare(from), to: bare(to) })],
  ['remove', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['removeOut', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['setIn', ([, what, field, value = '']) => readSet(field, what, value)],
  ['setHis', ([, what, field, value = '']) => readSet(field, what, value)],
  ['set', ([, field, what, value = '']) => readSet(field, what, value)],
  ['setLong', ([, field, what, value = '']) => readSet(field, what, value)],
  ['setTo', ([, value = '', field, what]) => readSet(field, what, value)],
  ['setOn', ([, field, value = '', what]) => readSet(field, what, value)],
  ['setValue', ([, field, value = '', what]) => readSet(field, what, value)],
  ['setBare', ([, field, what, value = '']) => readSet(field, what, value)],
  ['waitSet', ([, one, other, count, unit]) => readWaitSet(one ?? other, count, unit)],
  ['sayWhat', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['swap', ([, what, other]) => ({ do: 'swap', what: bare(what), with: bare(other) })],
  ['replace', ([, what, by = '']) => ({ do: 'replace', what: bare(what), by: readNew(by) })],
];

/** What each pattern that fits makes of a clause, the likeliest first. */
export const readInOrder = (clause: string): Clause[] =>
  readings.flatMap(([name, reading]) => {
    const found = patterns[name].exec(clause);
    return (found && reading(found)) ?? [];
  });

/** A name that a step is given. None where a better one is to be thought of ("something shorter"), or where it may end before the sentence does. */
function title(said: string | undefined): string {
  const name = (said ?? '').trim();
  const isQuoted = /^["“«'][^"”»]*["”»']$/u.test(name);
  const isToInvent =
    /^(?:algo|alguma coisa|outr[oa]|um (?:nome|t[ií]tulo)|something|anything|an?(?:other)? (?:\w+ )?(?:name|title))(?!\p{L})/iu;
  const goesOn =
    /(?:antes|depois) disso|(?:before|after) that|(?:^|\s)(?:e depois|and (?:then|let|tell))\s|vez(?:es)?$|times$/iu;
  const isClear =
    isQuoted ||
    (!isToInvent.test(name) &&
      !goesOn.test(name) &&
      !/["“”«»]/u.test(name) &&
      name.split(/\s+/).length <= LONGEST_TITLE);
  return isClear ? bare(name).slice(0, 120) : '';
}

/** Words that a name has which does not stand in quotes. */
const LONGEST_TITLE = 5;

/** "Mude a espera pra 10 minutos": how long is what it waits. */
function readWaitSet(what: string | undefined, count: string | undefined, unit: string | undefined): Clause | null {
  const { amount, unit: counted } = durationOf(count, unit);
  return amount === undefined || counted === undefined
    ? null
    : { do: 'set', what: bare(what), field: 'amount+unit', value: `${amount} ${counted}` };
}

function readComes(what: string, where: string): Clause | null {
  const placed = readPlace(where);
  return placed && placed.rest.trim() === '' ? { do: 'move', what, place: placed.place } : null;
}

function readSet(said: string | undefined, step: string | undefined, value: string): Clause {
  const [field, what] = [bare(said), bare(step)];
  return /^(?:nome|t[ií]tulo|name|title)$/iu.test(field)
    ? { do: 'rename', what, to: title(value) }
    : { do: 'set', what, field, value };
}

function readDoing(verbs: string, said: string, where: string): Clause | null {
  const asks = new RegExp(`^(?:${verb.ask})$`, 'iu').test(verbs);
  return inPlace(asks ? 'human.ask' : 'channel.send', where, said);
}

function inPlace(what: string, where: string, said?: string): Clause | null {
  const placed = readPlace(where);
  return placed && placed.rest.trim() === ''
    ? { do: 'add', what, ...placed.place, ...(said !== undefined && { text: said }) }
    : null;
}

function readDuplicate(what: string): Clause {
  const placed = readPlace(what);
  return { do: 'duplicate', what: bare(placed?.rest ?? what), place: placed?.place ?? null };
}

function readMove(rest: string): Clause | null {
  const placed = readPlace(rest);
  const what = bare(placed?.rest);
  return placed && what !== '' ? { do: 'move', what, place: placed.place } : null;
}

function readPut(verbs: string, which: string, rest: string): Clause | null {
  const read = readNew(rest);
  const isPlaced = [read.after, read.before, read.first, read.last, read.way].some((each) => each !== undefined);
  if (!isPlaced && patterns.set.test(`set ${rest}`)) return null;
  // "A" is "the" in Portuguese.
  const english = /^(?:put|place|stick|slot)$/iu.test(verbs);
  const indefinite = /^(?:uma?|outr|an$|mais|another)/iu.test(which) || (english && /^a$/iu.test(which));
  const mayMove = !indefinite && read.amount === undefined && read.text === undefined && isPlaced;
  return { do: 'add', ...read, ...(mayMove && { put: true, definite: which !== '' }) };
}

/** A way out may be named behind either end, and with a point behind the first. */
function readConnect(from: string, to: string): Clause {
  const [onTo, onFrom] = [readWay(to), readWay(from)];
  const last =
    (onTo ?? onFrom) ? null : /^(.+?)\s+(?:on|when|quando|n[ao])\s+["“'«]?([\p{L}\p{N}_ -]+?)["”'»]?$/iu.exec(to);
  const way = onTo?.way ?? onFrom?.way;
  return {
    do: 'connect',
    ...fromWay(onFrom?.rest ?? from),
    to: bare(onTo?.rest ?? last?.[1] ?? to),
    ...((way ?? last) && { way: way ?? bare(last?.[2]) }),
  };
}

/** `mood.negative` is a step with a way out. */
function fromWay(text: string | undefined): { readonly from: string; readonly way?: string } {
  const dotted = /^([A-Za-z][\w-]*)\.([\w-]+)$/.exec(bare(text));
  return dotted ? { from: dotted[1] ?? '', way: dotted[2] ?? '' } : { from: bare(text) };
}
