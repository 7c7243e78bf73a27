import { asked, ingredients, type Concept } from '../language/concepts.js';
import { featuresOf, type Features } from '../language/features.js';
import { fold } from '../language/fold.js';

const isIngredient = (concept: Concept): boolean => ingredients.some((one) => one === concept);

/** Whether a question says what it wants to know: a price, an hour, what a product holds. */
export const asks = (features: Features): boolean =>
  [...features.concepts].some((concept) => asked.has(concept) || isIngredient(concept));

/** Whether it says about what: a cake, a neighbourhood. Numbers alone do not. */
export const hasSubject = (features: Features): boolean =>
  [...features.unknown.keys()].some((stem) => !/^\d+$/.test(stem)) ||
  [...features.concepts].some((concept) => !asked.has(concept) && !isIngredient(concept));

const open =
  /\b(?:algo|alg[ou]ma?s?|opc(?:ao|oes)|o que|oq|quais|tudo|produtos?|any|anything|something|what|which|options?|sou|tenho|filh[oa]|i'?m)\b/;

/** `How much is it?` and `does it have gluten?` need to be told what `it` is; `do you deliver?` and `anything without gluten?` do not. */
const needsSubject = (text: string, features: Features): boolean =>
  features.concepts.size > 0 &&
  !hasSubject(features) &&
  !open.test(fold(text)) &&
  [...features.concepts].every((concept) => concept === 'price' || concept === 'allergen' || isIngredient(concept));

/** `e no domingo?`, `and the chocolate one?`, `no Derby`. */
const continues = (text: string, features: Features): boolean => {
  const plain = fold(text);
  const length = plain.split(/\s+/).length;
  if (/^\W*(?:e|mas|and|but|what about|how about)\b/.test(plain) && length <= 8)
    return !(asks(features) && hasSubject(features));
  return (
    length <= 4 &&
    !asks(features) &&
    /^\W*(?:no|na|nos|nas|em|pra|para|pro|de|do|da|com|in|to|for|with|on|at)\b/.test(plain)
  );
};

/** Whether a question leans on the one before it. */
export const leans = (text: string, features: Features): boolean =>
  continues(text, features) || needsSubject(text, features);

/** Takes from the question before it what this one leaves out: what is asked for, or what it is asked about. */
export function merge(question: Features, before: Features): Features {
  const wanted = !asks(question);
  const about = !hasSubject(question);
  const taken = [...before.concepts].filter((concept) =>
    asked.has(concept) || isIngredient(concept) ? wanted : about,
  );
  return {
    concepts: new Set([...question.concepts, ...taken]),
    stems: question.stems,
    unknown: about ? new Map([...before.unknown, ...question.unknown]) : question.unknown,
  };
}

const nothing: Features = { concepts: new Set(), stems: new Set(), unknown: new Map() };

/** What the conversation is about, from the customer's earlier messages, oldest first: each leaning on those before it. */
export function contextOf(earlier: readonly string[]): Features {
  return earlier.slice(-4).reduce<Features>((before, text) => {
    const own = featuresOf(text);
    if (!own.concepts.size && !own.unknown.size) return before;
    return leans(text, own) ? merge(own, before) : own;
  }, nothing);
}

/** A question with the earlier messages that it leans on before it, so that it can be searched for by itself. */
export function withContext(question: string, earlier: readonly string[]): string {
  const parts = [question];
  for (const text of earlier.slice(-3).toReversed()) {
    const first = parts[0] ?? '';
    if (!leans(first, featuresOf(first))) break;
    parts.unshift(text);
  }
  return parts.join(' ');
}
