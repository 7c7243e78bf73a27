import type { Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { featuresOf, type Features } from '../language/features.js';
import { sayRow } from './sayRow.js';

/** The smallest piece of knowledge that can answer: a sentence, a list item or a table row, with what stands above it. */
export interface Unit {
  readonly kind: 'sentence' | 'item' | 'row';
  /** Ready to be read by a customer. */
  readonly text: string;
  /** The nearest heading, question or table caption above it; empty when there is none. */
  readonly heading: string;
  readonly passage: Passage;
  readonly locale: Locale;
  /** Position among all units, in reading order. */
  readonly order: number;
  /** Units of the same paragraph, list or table share it. */
  readonly block: number;
  readonly own: Features;
  /** Features of the headings, the question above and the title. */
  readonly context: Features;
  /** Words that name it, before its colon: `Bolo de rolo` of `Bolo de rolo: R$ 8,00`. The whole text of a sentence. */
  readonly head: Features;
}

type Draft = Pick<Unit, 'kind' | 'text' | 'heading' | 'block'> & { readonly above: string };

const plain = (text: string): string =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/(^|\s)[*_]([^*_]+)[*_](?=\s|[.,;:!?]|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();

const abbreviation = /\b(?:av|r|rua|dr|dra|sr|sra|tel|ex|n|no|nº|st|ave|mr|mrs|ms|e\.g|i\.e|approx|aprox|min|hr)\.$/i;

/** Sentences of a paragraph. A stop after an abbreviation, or before a small letter, does not end one. */
export function sentencesOf(paragraph: string): string[] {
  const result: string[] = [];
  let current = '';
  const pieces = plain(paragraph).split(/(?<=[.!?])\s+/);
  for (const [index, piece] of pieces.entries()) {
    current = current ? `${current} ${piece}` : piece;
    if (abbreviation.test(current) || (/\b[ap]\.m\.$/i.test(current) && !/^\p{Lu}/u.test(pieces[index + 1] ?? '')))
      continue;
    result.push(current);
    current = '';
  }
  if (current) result.push(current);
  return result;
}

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(plain);

function draftsOf(passage: Passage, firstBlock: number): Draft[] {
  const drafts: Draft[] = [];
  const headings: string[] = [];
  let question = '';
  let block = firstBlock;
  let header: string[] = [];
  let paragraph: string[] = [];
  let wasTable = false;
  const add = (kind: Unit['kind'], text: string, more = ''): void => {
    const heading = question || headings.filter(Boolean).at(-1) || passage.title;
    drafts.push({
      kind,
      text,
      heading: plain(heading).replace(/[?:]$/, (mark) => (mark === '?' ? '?' : '')),
      block,
      above: [passage.title, ...headings, question, more].join('. '),
    });
  };
  const flush = (): void => {
    if (!paragraph.length) return;
    block += 1;
    for (const sentence of sentencesOf(paragraph.join(' '))) {
      const asks = sentence.replace(/^(?:p|q|pergunta|question)\s*[:.]\s*/i, '');
      if (asks.endsWith('?') && asks.length < 160) {
        question = asks;
        block += 1;
      } else add('sentence', sentence.replace(/^(?:r|a|resposta|answer)\s*:\s*/i, ''));
    }
    paragraph = [];
  };
  for (const line of passage.text.split('\n')) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+•]|\d+[.)])\s+(.*)$/.exec(line);
    const isRow = /^\s*\|.*\|\s*$/.test(line);
    if (heading || item || isRow || !line.trim()) flush();
    if (heading) {
      headings.length = (heading[1] ?? '').length - 1;
      headings[(heading[1] ?? '').length - 1] = plain(heading[2] ?? '');
      question = '';
      block += 1;
    } else if (isRow) {
      const row = cells(line);
      if (!wasTable) {
        header = row;
        block += 1;
      } else if (!row.every((cell) => /^:?-+:?$/.test(cell))) add('row', sayRow(row, header), header.join(' '));
    } else if (item) {
      if (drafts.at(-1)?.kind !== 'item') block += 1;
      const text = plain(item[1] ?? '');
      const asked = /^(.{8,140}?\?)\s+(.+)$/.exec(text);
      if (asked) question = asked[1] ?? '';
      add('item', (asked ? asked[2] : text) ?? '');
      if (asked) question = '';
    } else if (line.trim()) paragraph.push(line.trim());
    wasTable = isRow;
  }
  flush();
  return drafts;
}

/** All units of the passages, in reading order. */
export function unitsOf(passages: readonly Passage[]): Unit[] {
  const units: Unit[] = [];
  for (const passage of passages) {
    const locale = detectLanguage(`${passage.title} ${passage.text}`, 'pt-BR');
    for (const draft of draftsOf(passage, (units.at(-1)?.block ?? 0) + 1)) {
      if (!draft.text || units.some((unit) => unit.text === draft.text && unit.passage.sourceId === passage.sourceId))
        continue;
      const { above, ...rest } = draft;
      units.push({
        ...rest,
        passage,
        locale,
        order: units.length,
        own: featuresOf(draft.text),
        context: featuresOf(above),
        head: featuresOf(draft.kind === 'sentence' ? draft.text : (draft.text.split(/:\s/)[0] ?? draft.text)),
      });
    }
  }
  return units;
}
