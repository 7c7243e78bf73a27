import { asked, ingredients } from '../language/concepts.js';
import { fold } from '../language/fold.js';
import { featuresOf } from '../language/features.js';

const carries = (text: string): boolean => {
  const { concepts, unknown } = featuresOf(text);
  return concepts.size > 0 || unknown.size > 0;
};
const asksFor = (text: string): boolean => {
  const { concepts } = featuresOf(text);
  return (
    [...concepts].some((concept) => asked.has(concept)) ||
    (ingredients.some((one) => concepts.has(one)) &&
      /^\W*(?:se |tem |leva |contem |does |is |if |has )/.test(fold(text)))
  );
};

const greeting =
  /^\W*(?:oi+e?|ol[aá]+|opa|bom dia|boa tarde|boa noite|hello|hi|hey|good (?:morning|afternoon|evening))\b[\s,!.]*(?:(?:t(?:u)?do? (?:bem|bom|certo|joia)|td (?:bem|bom)|blz|beleza|como vai|how are you)\b(?: (?:com )?(?:voces?|vcs?|vc))?[\s?,!.]*)?/i;

/** Parts joined by "and" are separate questions when each asks for something of its own: `que horas abre e quanto é o bolo`. */
function split(sentence: string): string[] {
  const parts = sentence.split(/\s*(?:,\s*(?:e|and|also|tamb[eé]m)?|\s(?:e|and|&|mais|also|plus))\s+(?=\S)/i);
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last !== undefined && !(asksFor(part) && asksFor(last)))
      result[result.length - 1] = sentence.slice(
        sentence.indexOf(last),
        sentence.indexOf(part, sentence.indexOf(last) + last.length) + part.length,
      );
    else result.push(part);
  }
  return result;
}

/** The separate questions of a customer's message, in order; greetings and sentences that ask nothing are left out when others do. */
export function questionsOf(message: string): string[] {
  const sentences = message
    .replace(greeting, '')
    .replace(greeting, '')
    .split(/(?<=[?!;])\s+|(?<=[^\d\sr][.])\s+|\n+|(?<=\?)(?=\S)/i)
    .map((sentence) => sentence.trim())
    .filter((sentence) => carries(sentence));
  const asking = sentences.filter((sentence) => sentence.includes('?'));
  // Statements before a question ("my son is celiac") are part of what is asked.
  const questions =
    asking.length === 1 && sentences.length > 1 && sentences.length <= 3 && !asksFor(asking[0] ?? '')
      ? [sentences.join(' ')]
      : asking.length
        ? asking
        : sentences;
  return questions.flatMap(split).slice(0, 5);
}

const connects =
  /\s*[,;]\s*|\s+(?:porque|pq|pois|mas|entao|então|and|because|but|so|since|e|que eu|né|ne|além disso|alem disso)\s+/i;
const opens =
  /^(?:(?:e|and|eu|i|so|tambem|queria|gostaria de|quero|preciso)\s+)*(?:saber\s+)?(?:se\s+|if\s+)?(?:(?:voces?|vcs?|vc|you|u)\s+)?(?:tem|vende\w*|faz\w*|qual|quais|quanto|qto|quantos|onde|quando|como|que horas|da pra|pode\w*|posso|aceita\w*|entrega\w*|abre\w*|fecha\w*|do|does|is|are|can|could|what|how|where|when|which|sell)\b/;

/** Clauses of a run-on sentence: those that ask something, and the others, which tell what it is about. */
export function clausesOf(sentence: string): { readonly asking: string[]; readonly telling: string[] } {
  const clauses = sentence
    .split(connects)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '' && carries(clause));
  const asking = clauses.filter((clause) => asksFor(clause) || opens.test(fold(clause)));
  return { asking, telling: clauses.filter((clause) => !asking.includes(clause)) };
}
