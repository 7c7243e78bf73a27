import { beyond, isConditional, type Beyond } from './graphBeyond.js';
import type { Clause } from './graphClause.js';
import { readPlace } from './graphPlace.js';
import { readInOrder } from './graphReadings.js';
import { plainly } from './graphTyped.js';
import { verb } from './graphWords.js';
import { hide, hideNames, type KnownNames } from './hidden.js';

/** "Before A, wait" says what "wait before A" does. */
const placeFirst = new RegExp(
  String.raw`^((?:(?:logo|bem|right|just)\s+)?(?:antes|depois|ap[oó]s|entre|before|after|between|no (?:come[cç]o|in[ií]cio|fim|final)|por fim|at the (?:start|beginning|end))\b.*?)(?:,\s*|\s+)((?:${Object.values(verb).join('|')}|esper[ae]r?|aguard\w*|wait)\s.+)$`,
  'iu',
);

/**
 * What a sentence may ask for, the likeliest first, or what makes it more than a plain request; nothing when it is none for another reason.
 * `names`: those of steps and kinds of steps, which are full of words that mean something else in a request ("Passa pra uma pessoa").
 */
export function readClause(sentence: string, names: KnownNames): Clause[] | Beyond {
  const quotes = hide(sentence.slice(0, 3_000), /["“«]([^"”»]+)["”»]/gu, (mark) => `"${mark}"`);
  const named = hideNames(quotes.text, names);
  const hidden = plainly(named.text.replace(/\s+/g, ' '));
  // What is not read to its end may end in a proviso.
  if (hidden.length > LONGEST) return [];
  const more = beyond(hidden);
  if (more) return more;
  const shownAll = (clause: Clause): Clause => shown(shown(clause, named.show), quotes.show);
  const found = read(hidden).map(shownAll);
  if (found.length > 0) return found;
  // A name may be the verb too: "manda mensagem depois de …".
  const unhidden = plainly(quotes.text.replace(/\s+/g, ' '));
  const plain = unhidden.length > LONGEST ? [] : read(unhidden).map((clause) => shown(clause, quotes.show));
  if (plain.length > 0) return plain;
  return isConditional(hidden) ? 'condition' : readPlaced(hidden).map(shownAll);
}

/** Characters of a sentence that are read: the patterns look for their words at every place. */
const LONGEST = 240;

function read(clause: string): Clause[] {
  const turned = clause.replace(placeFirst, '$2 $1');
  return [...readInOrder(clause), ...(turned === clause ? [] : readInOrder(turned))];
}

const inEnglish = /(?<!\p{L})(?:before|after|between|behind|below|above|at the|following)(?!\p{L})/iu;
const isNamed = /^(?:(?:uma?|o|a|outr[oa]|mais uma?|an?|the|another)\s|["“]?\p{Co})/iu;
/** "(I want) a wait after A": nothing says what is to be done with it. */
const readPlaced = (clause: string): Clause[] =>
  isNamed.test(clause) && readPlace(clause)?.rest
    ? readInOrder(`${inEnglish.test(clause) ? 'put' : 'coloca'} ${clause}`)
    : [];

function shown(clause: Clause, show: (text: string) => string): Clause {
  const inside = (value: unknown): unknown =>
    typeof value === 'string'
      ? show(value)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inside(part)]))
        : value;
  return inside(clause) as Clause;
}
