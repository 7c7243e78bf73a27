import { asked, type Concept } from '../language/concepts.js';
import { featuresOf, type Features } from '../language/features.js';
import { fold, words } from '../language/fold.js';
import { isStopWord } from '../language/stopWords.js';
import type { Locale } from '#nodes/sdk/text.js';

const number = String.raw`(?:\d+|um|uma|uns|umas|dois|duas|tres|quatro|cinco|seis|dez|doze|vinte|meia|an?|some|two|three|four|five|six|ten|twelve|twenty|half)`;
const wants = new RegExp(
  String.raw`\b(?:quero|queria|vou querer|preciso(?: de)?|gostaria(?: de)?|me ve|separa|reserva|i'?d like|i want|i need|can i (?:get|have|order)|i'?ll (?:have|take|get)|we need)\s+(?:de\s+)?(?:(?:encomendar|pedir|comprar|levar|reservar|fazer (?:uma encomenda|um pedido) de|to (?:order|buy|get|have))\s+)?(?:mais\s+)?${number}\b`,
);
const places =
  /\b(?:quero|queria|gostaria de|preciso|vou|want to|would like to|i'?d like to|need to|can i) (?:encomendar|pedir|fazer (?:uma encomenda|um pedido)|order|place an order|book)\b/;

/** Whether the customer orders something, rather than asks about ordering. */
export const isOrder = (text: string): boolean => wants.test(fold(text)) || places.test(fold(text));

/** How the search is told that the customer also needs to know how to order. */
export const howToOrder: Readonly<Record<Locale, string>> = {
  'pt-BR': 'como fazer uma encomenda',
  en: 'how to place an order',
};

const circumstance: ReadonlySet<Concept> = new Set<Concept>([
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'weekend',
  'birthday',
  'unit',
  'hundred',
]);

/** What is ordered, without when, how many and for what. */
export const ordered = (question: Features): Features => ({
  ...question,
  concepts: new Set([...question.concepts].filter((concept) => !asked.has(concept) && !circumstance.has(concept))),
  unknown: new Map([...question.unknown].filter(([stem]) => !/^\d/.test(stem))),
});

/** The words of an order that name goods: without when, how many and that it is an order. */
export const goodsOf = (text: string): string =>
  words(text)
    .filter((word) => !isStopWord(word) && !/^\d/.test(word))
    .filter((word) =>
      [...featuresOf(word).concepts].every((concept) => !asked.has(concept) && !circumstance.has(concept)),
    )
    .join(' ');
