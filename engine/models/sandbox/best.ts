import { ingredients } from '../language/concepts.js';
import type { Features } from '../language/features.js';
import { fold, words } from '../language/fold.js';
import { asks, hasSubject } from './followUp.js';
import { enough, money, relevance } from './relevance.js';
import type { Unit } from './units.js';

export interface Found {
  readonly units: readonly Unit[];
  readonly score: number;
}

const mostSentences = 2;
const mostLines = 20;

/** How many things a unit's head names beyond the question: `Cento de brigadeiros` is further from `brigadeiro` than `Brigadeiro`. */
const beyond = (question: Features, { head }: Unit): number =>
  [...head.stems].filter((stem) => !question.stems.has(stem)).length;

/** Lists answer `which?` and `where?`; sentences answer `do you?`. Only decides between units that answer equally well. */
function preference(text: string, question: Features, unit: Unit): number {
  const list = unit.kind !== 'sentence';
  const about = question.concepts.has('area') || question.concepts.has('delivery');
  if (about && /\b(?:quais|que bairros|onde|aonde|which|where)\b/.test(fold(text))) return list ? 0.15 : -0.1;
  if (list && question.concepts.has('hours')) return 0.05;
  const yesOrNo = question.concepts.has('delivery') && question.concepts.size === 1 && question.unknown.size === 0;
  return yesOrNo ? (list ? -0.05 : /^\W*(?:nao|we do not|no)\b/.test(fold(unit.text)) ? -0.04 : 0) : 0;
}

/** The best unit of one language for a question written as `text`, with those around it that belong to the answer. */
export function best(text: string, question: Features, units: readonly Unit[]): Found {
  const named = hasSubject(question);
  // `Do you have coffee?` is best answered by the line of the menu.
  const plainly =
    named &&
    !asks(question) &&
    !/\b(?:quando|que horas?|when|what time|passa|aceita\w*|take|accept)\b/.test(words(text).join(' '));
  const scored = units
    .map((unit) => {
      const score = relevance(question, unit);
      const far = unit.kind === 'sentence' ? (plainly ? 0.06 : 0) : Math.min(0.05, 0.01 * beyond(question, unit));
      const priced = plainly && money.test(unit.text) ? 0.03 : 0;
      const place = score - (named ? far : 0) + priced + preference(text, question, unit);
      return { unit, score, place };
    })
    .toSorted((a, b) => b.place - a.place || a.unit.order - b.unit.order);
  const top = scored.find(({ score }) => score >= enough);
  if (!top) return { units: [], score: Math.max(0, ...scored.map(({ score }) => score)) };
  const list = top.unit.kind !== 'sentence';
  const asWell = scored.filter(({ score }) => score >= Math.max(enough, top.score * 0.9));
  const wholeList =
    list &&
    !named &&
    (question.concepts.has('price') ||
      question.concepts.has('menu') ||
      ingredients.some((one) => question.concepts.has(one)));
  const beside = asWell.filter(({ unit }) =>
    wholeList
      ? unit.passage.sourceId === top.unit.passage.sourceId && unit.kind === top.unit.kind
      : unit.block === top.unit.block,
  );
  const exact = list && named ? beside.filter(({ unit }) => beyond(question, unit) === 0) : [];
  const chosen = (exact.length ? exact : beside).slice(0, list ? mostLines : mostSentences).map(({ unit }) => unit);
  const next = scored.find(({ unit }) => unit.order === top.unit.order + 1 && unit.block === top.unit.block);
  // A bare "Yes." says too little, and what follows on the same subject most often completes it.
  const completes =
    next && (top.unit.text.length < 30 || (next.score >= 0.4 && top.unit.text.length + next.unit.text.length < 220));
  if (chosen.length === 1 && !list && next && completes) chosen.push(next.unit);
  return { units: chosen.toSorted((a, b) => a.order - b.order), score: top.score };
}

/** Whether everything that a question is about occurs in the material at all. */
export const inMaterial = (question: Features, units: readonly Unit[]): boolean =>
  (asks(question) || hasSubject(question)) &&
  [...question.concepts].every((one) =>
    units.some(({ own, context }) => own.concepts.has(one) || context.concepts.has(one)),
  ) &&
  [...question.unknown.keys()].every((one) =>
    units.some(({ own, context }) => own.stems.has(one) || context.stems.has(one)),
  );
