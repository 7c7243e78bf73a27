import { plainly, quotedAlike, speltOut } from './graphTyped.js';
import { article, it, verb } from './graphWords.js';
import { hide, hideNames, type KnownNames } from './hidden.js';

const starts = [
  ...(
    ['add', 'put', 'remove', 'connect', 'disconnect', 'rename', 'duplicate', 'move', 'swap', 'on', 'off'] as const
  ).map((name) => verb[name]),
  String.raw`set|pergunt\w*|ask|mand[ae]r?|send|avis[ae]r?|esper[ae]r?|wait`,
].join('|');
const and = String.raw`,?\s+(?:e|and)\s+(?:(?:depois|then)\s+)?`;
const there = String.raw`(?=(?:logo|bem|l[aá]|right|just|pra|para|to|antes|depois|ap[oó]s|entre|before|after|between|behind|no (?:come|in|fi)|at the)(?![\p{L}]))`;

/** What is said in two clauses about one thing, as one. */
const joined: readonly (readonly [RegExp, string])[] = [
  // "Remove A and put B in its place", "put B instead of A".
  [
    new RegExp(
      String.raw`(?:${verb.remove})\s+${article}(\S.*?)${and}(?:${verb.put}|${verb.add}|us[ae]r?|use)\s+(\S.*?)\s+(?:no lugar(?: del[ea]| disso)?|em vez del[ea]|in its place|in place of it|instead(?: of it)?)$`,
      'iu',
    ),
    'replace $1 by $2',
  ],
  [
    new RegExp(
      String.raw`(?:${verb.put}|${verb.add}|us[ae]r?|use)\s+(\S.*?)\s+(?:no lugar d[eoa]|em vez d[eoa]|in place of|instead of)\s+(\S.*)$`,
      'iu',
    ),
    'replace $2 by $1',
  ],
  [
    new RegExp(
      String.raw`^(?:no lugar d[eoa]|em vez d[eoa]|in place of|instead of)\s+${article}(\S.*?),?\s+(?:${verb.put}|${verb.add}|us[ae]r?|use)\s+(\S.*)$`,
      'iu',
    ),
    'replace $1 by $2',
  ],
  // "Take A and put it after B".
  [
    new RegExp(
      String.raw`(?:peg[aue]+r?|tak(?:e|ing)|grab|pick|cut|${verb.remove})\s+(\S.*?)(?:\s+(?:dal[ií]|de l[aá]|da[ií]|from there))?${and}(?:${verb.put}|${verb.move})\s+(?:${it}\s+)?${there}`,
      'iu',
    ),
    'move $1 ',
  ],
  // "Copy A and put the copy before B".
  [
    new RegExp(
      String.raw`^((?:${verb.duplicate}|${verb.add}|${verb.put})\s.+?)${and}(?:${verb.put}|${verb.move})\s+(?:(?:a c[oó]pia|the copy|a nova|the new one|${it})\s+)?${there}`,
      'iu',
    ),
    '$1 ',
  ],
];

/** What stands between two words, however much of it was typed: one space, or one mark and a space. */
const oneBetweenWords = (text: string): string =>
  text.replace(/[\s,.!?]+/gu, (run) => (run.length === 1 ? run : `${run.trim().charAt(0)} `));

/**
 * One request to a line or a sentence, as it would be typed with time. What stands in quotes, and what is a name, is never cut; names are written as
 * they are.
 */
export function clausesOfRequest(request: string, names: KnownNames): string[] {
  const quotes = hide(quotedAlike(request), /["“«][^"”»]*["”»]/gu);
  const named = hideNames(quotes.text, names);
  return speltOut(named.text)
    .split(/[;\n]+|[.!?]+(?:\s|$)/u)
    .map(oneBetweenWords)
    .map((sentence) => joined.reduce((text, [pattern, as]) => text.replace(pattern, as), plainly(sentence)))
    .flatMap((sentence) =>
      sentence.split(
        new RegExp(
          String.raw`,?\s+(?:e|and|depois|then|e depois|and then|e tamb[eé]m|and also),?\s+(?=(?:${starts})\s)`,
          'iu',
        ),
      ),
    )
    .map((clause) => quotes.show(named.show(plainly(clause))))
    .filter((clause) => clause !== '');
}
