import type { Material } from '#nodes/sdk/context.js';
import { fold } from '../language/fold.js';
import { featuresOf } from '../language/features.js';
import { moodOf } from './mood.js';
import { smallTalk } from './smallTalk.js';

type Labels = NonNullable<Material['labels']>;

export interface Classified {
  /** Name of a label, or `other`. */
  readonly label: string;
  /** 0..1. */
  readonly confidence: number;
}

const archetypes: readonly { readonly named: RegExp; readonly fits: (message: string) => boolean }[] = [
  {
    named: /\b(?:human[oa]?|pessoa|atendente|person|agent|handoff|escala\w*)\b/,
    fits: (message) => moodOf(message).wantsPerson,
  },
  {
    named: /\b(?:reclama\w*|queixa|insatisf\w*|irrita\w*|complain\w*|angry|upset|problema|problem)\b/,
    fits: (message) => moodOf(message).sentiment === 'negative',
  },
  {
    named: /\b(?:elogio|agradec\w*|praise|thanks|compliment)\b/,
    fits: (message) => moodOf(message).sentiment === 'positive',
  },
  {
    named: /\b(?:saudac\w*|cumpriment\w*|oi|greeting|small ?talk|conversa fiada)\b/,
    fits: (message) => smallTalk(message, 'pt-BR') !== null,
  },
];

/** Chooses the label whose name and description share most with the message; `other` when none shares anything. */
export function classify(message: string, labels: Labels): Classified {
  const asked = featuresOf(message);
  const courtesy = smallTalk(message, 'pt-BR') !== null;
  const size = asked.concepts.size + asked.unknown.size * 0.5;
  const named = ({ name, description }: Labels[number]): string =>
    fold(`${name.replace(/[_.-]/g, ' ')}. ${description}`);
  // A courtesy is answered at once, unless the author wants it, or what it says of the customer's mood, to go its own way.
  if (courtesy && !labels.some((label) => archetypes.some((one) => one.named.test(named(label)) && one.fits(message))))
    return { label: 'other', confidence: 0.9 };
  const scored = labels.map((label) => {
    const described = `${label.name.replace(/[_.-]/g, ' ')}. ${label.description}`;
    if (archetypes.some(({ named, fits }) => named.test(fold(described)) && fits(message)))
      return { label, score: 0.9 };
    const about = featuresOf(described);
    const concepts = [...asked.concepts].filter((concept) => about.concepts.has(concept)).length;
    const stems = [...asked.unknown.keys()].filter((stem) => about.stems.has(stem)).length;
    return { label, score: size ? Math.min(0.85, (concepts + stems * 0.5) / size) : 0 };
  });
  const top = scored.reduce<(typeof scored)[number] | null>(
    (best, one) => (best && best.score >= one.score ? best : one),
    null,
  );
  if (top && top.score > 0.2)
    return { label: top.label.name, confidence: Math.round(Math.min(0.95, 0.4 + top.score / 2) * 100) / 100 };
  const open = labels.find(({ name, description }) =>
    /\b(?:d[uú]vida|pergunta|question|information|informa\w*|general|geral|faq)\b/i.test(
      `${name.replace(/[_.-]/g, ' ')} ${description}`,
    ),
  );
  if (open && size > 0 && !smallTalk(message, 'pt-BR')) return { label: open.name, confidence: 0.5 };
  const other = labels.find(({ name }) => /^(?:other|outr[oa]s?|else|none)$/i.test(name));
  return { label: other?.name ?? 'other', confidence: 0.4 };
}
