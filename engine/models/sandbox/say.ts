import type { Locale } from '#nodes/sdk/text.js';
import type { Features } from '../language/features.js';
import { phrases } from './phrases.js';
import type { Unit } from './units.js';

const stop = (text: string): string => (/[.!?:…]$/.test(text) ? text : `${text}.`);
const small = (text: string): string =>
  /^\p{Lu}\p{Ll}/u.test(text) && !/^\S+\s\p{Lu}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** Whether the unit itself names something of the question, so that it can be read without its heading. */
const standsAlone = (unit: Unit, question: Features): boolean =>
  [...question.concepts].some((concept) => unit.own.concepts.has(concept)) ||
  [...question.unknown.keys()].some((stem) => unit.own.stems.has(stem));

const label = (heading: string): string => heading.replace(/[?.!:]+$/, '');

/** Lines under their headings. */
function listOf(units: readonly Unit[]): string {
  const groups = new Map<string, string[]>();
  for (const { heading, text } of units)
    groups.set(heading, [
      ...(groups.get(heading) ?? []),
      `• ${/\b[ap]\.m\.$/i.test(text) ? text : text.replace(/[.;]$/, '')}`,
    ]);
  return [...groups].map(([heading, lines]) => `${label(heading)}:\n${lines.join('\n')}`).join('\n');
}

/** Says the chosen units as one reply. `quoteFor` is the customer's language when the units are in the other one. */
export function say(units: readonly Unit[], question: Features, quoteFor: Locale | null): string {
  const [first] = units;
  if (!first) return '';
  const lines = first.kind === 'sentence' ? null : units.map((unit) => unit.text);
  let text: string;
  if (!lines) text = units.map((unit) => stop(unit.text)).join(' ');
  else if (lines.length > 1) text = listOf(units);
  else
    text = stop(
      standsAlone(first, question) || !first.heading ? first.text : `${label(first.heading)}: ${small(first.text)}`,
    );
  if (!quoteFor) return text;
  const lead = quoteFor === 'en' ? phrases.quoteFromPortuguese.en : phrases.quoteFromEnglish['pt-BR'];
  return lines && lines.length > 1 ? `${lead}\n${text}` : `${lead} “${text}”`;
}
