import { durationOf, readNew, readPlace, readWay, type NewStep, type Place } from './graphPlace.js';
import { patterns } from './graphPatterns.js';
import { bare, please, verb } from './graphWords.js';
import { hide, hideNames } from './hidden.js';

/** One thing that a request asks for, with the names as they are written. */
export type Clause =
  /** `put`: said so that a step which is there may be meant; `definite`: "the", of which there is one already. */
  | ({ readonly do: 'add'; readonly put?: true; readonly definite?: boolean } & NewStep)
  | { readonly do: 'move'; readonly what: string; readonly place: Place }
  | { readonly do: 'swap'; readonly what: string; readonly with: string }
  | { readonly do: 'duplicate'; readonly what: string; readonly place: Place | null }
  | { readonly do: 'replace'; readonly what: string; readonly by: string }
  | { readonly do: 'remove'; readonly what: string }
  | { readonly do: 'connect' | 'disconnect'; readonly from: string; readonly to: string; readonly way?: string }
  /** A way out to somewhere, told by what happens: "when it is an order, go to …". */
  | { readonly do: 'when'; readonly said: string; readonly to: string }
  | { readonly do: 'fails'; readonly what: string; readonly to: string }
  | { readonly do: 'rename'; readonly what: string; readonly to: string }
  /** Another text for what a step says, asks or is told. */
  | { readonly do: 'say'; readonly what: string; readonly text: string }
  | { readonly do: 'set'; readonly what: string; readonly field: string; readonly value: string };

const starts = [
  ...['add', 'put', 'remove', 'connect', 'disconnect', 'rename', 'duplicate'].map((name) => verb[name as 'add']),
  'mov[aeo]\\w*|move|swap|set|turn on|turn off|enable|disable|ativ[ae]|desativ[ae]',
].join('|');
/** "… and put the copy before A" is where the copy goes. */
const copyGoes = new RegExp(
  String.raw`,?\s+(?:e|and)\s+(?:${verb.put}|mov\w*)\s+(?:a c[oó]pia|ela|it|the copy)\s+`,
  'giu',
);

/** One request to a line or a sentence. What stands in quotes, and what is a name, is never cut. */
export function clausesOfRequest(request: string, names: readonly string[]): string[] {
  const quotes = hide(request, /["“«][^"”»]*["”»]/gu);
  const named = hideNames(quotes.text, names);
  return named.text
    .replace(copyGoes, ' ')
    .split(
      new RegExp(
        String.raw`[;\n]+|[.!?]+(?:\s|$)|,?\s+(?:e|and|depois|then|e depois|and then),?\s+(?=(?:${starts})\s)`,
        'iu',
      ),
    )
    .map((clause) => quotes.show(named.show(clause)).trim())
    .filter((clause) => clause !== '');
}

/** "Before A, wait" says what "wait before A" does. */
const placeFirst = new RegExp(
  String.raw`^${please}((?:(?:logo|bem|right|just)\s+)?(?:antes|depois|ap[oó]s|entre|before|after|between|no (?:come[cç]o|in[ií]cio|fim|final)|at the (?:start|beginning|end))\b.*?)(?:,\s*|\s+)((?:${Object.values(verb).join('|')}|esper[ae]r?|aguard\w*|wait)\s.+)$`,
  'iu',
);

type Found = readonly (string | undefined)[];
/** What each pattern comes to, in the order in which they are tried; `null` goes on to the next. */
const readings: readonly (readonly [keyof typeof patterns, (found: Found) => Clause | null])[] = [
  ['wait', ([, count, unit, rest]) => ({ do: 'add', ...readNew(`wait for ${count} ${unit}`, rest) })],
  ['fails', ([, one, other, to]) => ({ do: 'fails', what: bare(one ?? other), to: bare(to) })],
  ['onError', ([, what, to]) => ({ do: 'fails', what: bare(what), to: bare(to) })],
  ['when', ([, said = '', to]) => ({ do: 'when', said, to: bare(to) })],
  ['unwanted', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['mustBe', ([, field, what, value = '']) => readMustBe(bare(field), bare(what), value)],
  ['call', ([, what, to]) => ({ do: 'rename', what: bare(what), to: bare(to) })],
  ['say', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['sayIn', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['makeSay', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['shouldSay', ([, what, said = '']) => ({ do: 'say', what: bare(what), text: said })],
  ['rename', ([, what, to]) => ({ do: 'rename', what: bare(what), to: bare(to).slice(0, 120) })],
  ['chame', ([, what, to]) => ({ do: 'rename', what: bare(what), to: bare(to).slice(0, 120) })],
  ['becomes', ([, what, to]) => ({ do: 'rename', what: bare(what), to: bare(to).slice(0, 120) })],
  [
    'toggle',
    ([, verbs = '', field = '', what]) => ({
      do: 'set',
      what: bare(what),
      field: bare(field),
      value: new RegExp(`^(?:${verb.off})$`, 'iu').test(verbs) ? 'false' : 'true',
    }),
  ],
  ['doing', ([, verbs = '', said = '', where = '']) => readDoing(verbs, said, where)],
  ['hand', ([, where = '']) => inPlace('human.handoff', where)],
  ['duplicate', ([, what = '']) => readDuplicate(what)],
  ['move', ([, what = '']) => readMove(what)],
  ['cutWay', ([, way, from, to]) => ({ do: 'disconnect', from: bare(from), to: bare(to), way: bare(way) })],
  ['disconnect', ([, from, to]) => ({ do: 'disconnect', ...fromWay(from), to: bare(to) })],
  ['comes', ([, what, where = '']) => readComes(bare(what), where)],
  ['add', ([, rest = '']) => ({ do: 'add', ...readNew(rest) })],
  ['put', ([, which, rest = '']) => readPut(which, rest)],
  [
    'connectWay',
    ([, one, other, from, to]) => ({ do: 'connect', from: bare(from), to: bare(to), way: bare(one ?? other) }),
  ],
  ['connect', ([, from = '', to = '']) => readConnect(from, to)],
  ['remove', ([, what]) => ({ do: 'remove', what: bare(what) })],
  ['setIn', ([, what, field, value = '']) => ({ do: 'set', what: bare(what), field: bare(field), value })],
  ['setHis', ([, what, field, value = '']) => ({ do: 'set', what: bare(what), field: bare(field), value })],
  ['set', ([, field, what, value = '']) => ({ do: 'set', what: bare(what), field: bare(field), value })],
  ['waitSet', ([, what, count, unit]) => readWaitSet(what, count, unit)],
  ['swap', ([, what, other]) => ({ do: 'swap', what: bare(what), with: bare(other) })],
  ['replace', ([, what, by]) => ({ do: 'replace', what: bare(what), by: bare(by) })],
];

/**
 * What a sentence asks for; `null` when it is none of the plain requests. `names`: those of steps and kinds of steps, which are full of words that
 * mean something else in a request ("Passa pra uma pessoa").
 */
export function readClause(sentence: string, names: readonly string[]): Clause | null {
  const clause = sentence
    .trim()
    .replace(/(?:[.!?,\s]+|[,\s]+(?:por favor|please|obrigad[oa]|thanks|thank you))+$/iu, '')
    .slice(0, 3_000);
  const quotes = hide(clause, /["“«]([^"”»]+)["”»]/gu, (mark) => `"${mark}"`);
  const named = hideNames(quotes.text, names);
  const hidden = read(named.text.slice(0, LONGEST));
  if (hidden) return shown(shown(hidden, named.show), quotes.show);
  // A name may be the verb too: "manda mensagem depois de …".
  const plain = named.text === quotes.text ? null : read(quotes.text.slice(0, LONGEST));
  return plain && shown(plain, quotes.show);
}

/** Characters of a sentence that are read: the patterns look for their words at every place. */
const LONGEST = 240;

function read(clause: string): Clause | null {
  return readInOrder(clause) ?? readInOrder(clause.replace(placeFirst, '$2 $1'));
}

function readInOrder(clause: string): Clause | null {
  for (const [name, reading] of readings) {
    const found = patterns[name].exec(clause);
    const clauseRead = found && reading(found);
    if (clauseRead) return clauseRead;
  }
  return null;
}

function shown(clause: Clause, show: (text: string) => string): Clause {
  const inside = (value: unknown): unknown =>
    typeof value === 'string'
      ? show(value)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inside(part)]))
        : value;
  return inside(clause) as Clause;
}

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

function readMustBe(field: string, what: string, value: string): Clause {
  if (/^(?:nome|t[ií]tulo|name|title)$/iu.test(field)) return { do: 'rename', what, to: bare(value).slice(0, 120) };
  return { do: 'set', what, field, value };
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

function readPut(which: string | undefined, rest: string): Clause | null {
  const read = readNew(rest);
  const isPlaced = [read.after, read.before, read.first, read.last, read.way].some((each) => each !== undefined);
  if (!isPlaced && patterns.set.test(`set ${rest}`)) return null;
  const indefinite = /^(?:um|uma|an?|mais|another)/iu.test(which ?? '');
  const mayMove = !indefinite && read.amount === undefined && read.text === undefined && isPlaced;
  return { do: 'add', ...read, ...(mayMove && { put: true, definite: which !== undefined }) };
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
