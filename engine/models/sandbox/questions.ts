import { asked } from '../language/concepts.js';
import { featuresOf } from '../language/features.js';

const carries = (text: string): boolean => {
  const { concepts, unknown } = featuresOf(text);
  return concepts.size > 0 || unknown.size > 0;
};
const asksFor = (text: string): boolean => [...featuresOf(text).concepts].some((concept) => asked.has(concept));

const greeting =
  /^\W*(?:oi+e?|ol[aá]+|opa|bom dia|boa tarde|boa noite|hello|hi|hey|good (?:morning|afternoon|evening))\b[\s,!.]*(?:tudo (?:bem|bom)\b[\s?,!.]*)?/i;

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
