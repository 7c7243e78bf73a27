import { asked, ingredients, type Concept } from '../language/concepts.js';
import type { Features } from '../language/features.js';
import type { Unit } from './units.js';

/** Below this a unit does not answer the question. */
export const enough = 0.55;

/** An amount of money. */
export const money = /(?:r\$|\$|€|£)\s*\d|\d\s*(?:reais|dollars)/i;
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

const allergens: readonly Concept[] = ingredients;

function holds(unit: Unit, concept: Concept): number {
  const form = shape[concept];
  if (form) {
    const named = unit.own.concepts.has(concept) || unit.context.concepts.has(concept);
    if (form.test(unit.text)) return named ? 1 : concept === 'price' || concept === 'hours' ? 0.7 : 0.4;
    return named ? 0.4 : 0;
  }
  if (concept === 'menu')
    return unit.context.concepts.has('menu') ? (money.test(unit.text) ? 1 : 0.6) : money.test(unit.text) ? 0.6 : 0;
  if (unit.own.concepts.has(concept)) return 1;
  if (unit.context.concepts.has(concept)) return 0.8;
  if (concept === 'allergen' && allergens.some((one) => unit.own.concepts.has(one))) return 0.7;
  if (allergens.includes(concept) && unit.context.concepts.has('allergen') && unit.own.concepts.has('allergen'))
    return 0.3;
  return 0;
}

const looksLikeVerb = (word: string): boolean => /(?:ar|er|ir|ando|endo|indo|aria|eria|amos|emos|ing|ed)$/.test(word);

/** A thing that the unit does not name weighs more than one that it does: the price of a cake is not its recipe. */
const subjectWeight = (met: boolean, word: string): number =>
  /^\d/.test(word) ? 0.3 : looksLikeVerb(word) ? 0.5 : met ? 1.1 : 2;

/** What is really asked: `pedido mínimo` asks for no order, and the price of a delivery is its fee. */
export function refine(question: Features): Features {
  const concepts = new Set(question.concepts);
  if (concepts.has('minimum')) concepts.delete('order');
  if (concepts.has('menu')) {
    // The menu of cakes is the list of cakes; `quanto` adds nothing to it.
    concepts.delete('price');
    if (concepts.size > 1) concepts.delete('menu');
  }
  if (concepts.has('delivery') && concepts.has('price')) {
    concepts.delete('price');
    concepts.add('fee');
  }
  return { ...question, concepts };
}

/**
 * How well a unit answers a question, 0..1. What is asked for (a price, an hour) and what it is asked about (a cake, a Sunday) must both
 * be met: a price list does not answer for a cake that is not on it.
 */
export function relevance(question: Features, unit: Unit): number {
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
      const weight = held > 0 ? 1.2 : 2;
      subjects += weight;
      met += weight * held;
      named += held;
      // What a cake costs does not tell what is in it.
      if (
        held === 0 &&
        allergens.includes(concept) &&
        !unit.context.concepts.has('allergen') &&
        !allergens.some((one) => unit.own.concepts.has(one))
      )
        return 0;
    }
  }
  for (const [stem, word] of question.unknown) {
    const held = unit.own.stems.has(stem) ? 1 : unit.context.stems.has(stem) ? 0.8 : 0;
    const weight = subjectWeight(held > 0, word);
    subjects += weight;
    met += weight * held;
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
