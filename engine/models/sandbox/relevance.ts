import { asked, type Concept } from '../language/concepts.js';
import type { Features } from '../language/features.js';
import type { Unit } from './units.js';

/** Below this a unit does not answer the question. */
export const enough = 0.55;

const money = /(?:r\$|\$|€)\s*\d|\d\s*(?:reais|dollars)/i;
const charge = new RegExp(`${money.source}|gr[aá]tis|gratuit|\\bfree\\b|sem custo|no charge`, 'i');
const clock = /\b\d{1,2}\s*(?:h\b|h\d{2}|:\d{2}|am\b|pm\b|horas\b|a\.m|p\.m)|\bfecha(?:do|da|mos)\b|\bclosed\b|24 ?h/i;
const span =
  /\d+\s*(?:h\b|horas?|minutos?|min\b|dias?|hours?|minutes?|days?|semanas?|weeks?)|(?:um|dois|duas|tr[eê]s|one|two|three) (?:dias?|days?|horas?|hours?)|v[eé]spera|day before|mesmo dia|same day/i;
const number = /\(?\d{2}\)?\s?9?\d{4}[-\s]?\d{4}|\+\d{2}/;

/** Kinds of answer that show by their form. */
const shape: Partial<Record<Concept, RegExp>> = {
  price: money,
  fee: charge,
  minimum: money,
  hours: clock,
  duration: span,
  phone: number,
};

const allergens: readonly Concept[] = ['gluten', 'lactose', 'egg', 'nuts', 'soy'];

function holds(unit: Unit, concept: Concept): number {
  const form = shape[concept];
  if (form) {
    const named = unit.own.concepts.has(concept) || unit.context.concepts.has(concept);
    if (form.test(unit.text)) return named ? 1 : concept === 'price' || concept === 'hours' ? 0.7 : 0.4;
    return named ? 0.4 : 0;
  }
  if (unit.own.concepts.has(concept)) return 1;
  if (unit.context.concepts.has(concept)) return 0.8;
  if (concept === 'allergen' && allergens.some((one) => unit.own.concepts.has(one))) return 0.7;
  if (allergens.includes(concept) && unit.context.concepts.has('allergen') && unit.own.concepts.has('allergen'))
    return 0.3;
  return 0;
}

const looksLikeVerb = (word: string): boolean => /(?:ar|er|ir|ando|endo|indo|aria|eria|amos|emos|ing|ed)$/.test(word);

const subjectWeight = (known: boolean, word: string): number =>
  /^\d+$/.test(word) ? 0.3 : looksLikeVerb(word) ? 0.5 : known ? 1.1 : 1.5;

/** What is really asked: `pedido mínimo` asks for no order, and the price of a delivery is its fee. */
export function refine(question: Features): Features {
  const concepts = new Set(question.concepts);
  if (concepts.has('minimum')) concepts.delete('order');
  if (concepts.has('delivery') && concepts.has('price')) {
    concepts.delete('price');
    concepts.add('fee');
  }
  return { ...question, concepts };
}

/**
 * How well a unit answers a question, 0..1. What is asked for (a price, an hour) and what it is asked about (a cake, a Sunday) must both
 * be met: a price list does not answer for a cake that is not on it. `known` holds every stem of the material.
 */
export function relevance(question: Features, unit: Unit, known: ReadonlySet<string>): number {
  let wanted = 0;
  let given = 0;
  let subjects = 0;
  let met = 0;
  let named = 0;
  for (const concept of question.concepts) {
    const held = holds(unit, concept);
    if (asked.has(concept)) {
      wanted += 1;
      given += held;
    } else {
      subjects += 1.2;
      met += 1.2 * held;
      named += held;
    }
  }
  for (const [stem, word] of question.unknown) {
    const weight = subjectWeight(known.has(stem), word);
    subjects += weight;
    met += weight * (unit.own.stems.has(stem) ? 1 : unit.context.stems.has(stem) ? 0.8 : 0);
  }
  if (!wanted && !subjects) return 0;
  const form = wanted ? given / wanted : 1;
  const matter = subjects ? met / subjects : 1;
  if (subjects && matter < enough) return matter * 0.5;
  // The right thing, but nothing of what is asked about it: a yellow house does not tell where we deliver.
  if (wanted && form < 0.2 && named === 0) return matter * 0.4;
  if (wanted && subjects) return 0.45 * form + 0.55 * matter;
  return wanted ? form : matter;
}
