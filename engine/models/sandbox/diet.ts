import { ingredients, type Concept } from '../language/concepts.js';
import { featuresOf, type Features } from '../language/features.js';
import { fold } from '../language/fold.js';
import type { Unit } from './units.js';

const denial =
  /\b(?:nao (?:leva|tem|contem|vai|possui)|sem|livre de|contains? no|no|without|free of|does not contain|doesn'?t contain)\b/;
const avoids =
  /\b(?:sem|nao (?:tem|leva|contem|vai|pode|posso|como)|livre de|free|without|no|alergi\w*|intoleran\w*|celiac\w*|coeliac|allerg\w*|intolerant)\b/;

/** Ingredients that the customer wants to do without, when they ask which products leave them out. */
export function avoided(question: string, features: Features): Concept[] {
  const found = ingredients.filter((one) => features.concepts.has(one));
  return found.length > 0 && avoids.test(fold(question)) ? found : [];
}

/** Whether a unit says that it leaves all of them out: `Não leva leite nem ovo`. */
export function leavesOut(unit: Unit, concepts: readonly Concept[]): boolean {
  const denied = new Set<Concept>();
  for (const clause of fold(unit.text).split(/[.;:]|,(?=\s*(?:leva|tem|contem|contains)\b)/)) {
    const at = denial.exec(clause);
    if (at) for (const concept of featuresOf(clause.slice(at.index)).concepts) denied.add(concept);
  }
  return concepts.every((concept) => denied.has(concept));
}

const cautions = /\b(?:tracos|contaminac\w+|mesma cozinha|same kitchen|may contain|traces|cross.contamination)\b/;

/** What the material says for every product to whoever asks what one of them holds: the sentences about traces and shared kitchens. */
export function cautionsOf(units: readonly Unit[], sourceId: string): Unit[] {
  const first = units.find(
    ({ kind, text, passage }) =>
      kind === 'sentence' &&
      passage.sourceId === sourceId &&
      cautions.test(fold(text)) &&
      /\b(?:tracos|traces|qualquer|any|contamin\w+)\b/.test(fold(text)),
  );
  return first ? units.filter(({ block }) => block === first.block).slice(0, 2) : [];
}
