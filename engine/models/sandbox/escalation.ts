import type { Locale, Text } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import { moodOf } from './mood.js';

export interface Escalation {
  readonly escalate: boolean;
  readonly reason: string;
  readonly summary: string;
}

const reasons = {
  person: { 'pt-BR': 'Pediu pra falar com uma pessoa', en: 'Asked to talk to a person' },
  angry: { 'pt-BR': 'Cliente muito insatisfeito', en: 'Very unhappy customer' },
  health: { 'pt-BR': 'Relatou mal-estar ou reação alérgica', en: 'Reports feeling ill or an allergic reaction' },
  large: { 'pt-BR': 'Pedido grande', en: 'Large order' },
  wrong: { 'pt-BR': 'Reclamação sobre pedido ou cobrança', en: 'Complaint about an order or a charge' },
} satisfies Record<string, Text>;

const health =
  /\b(?:passei mal|passando mal|intoxica\w+|hospital|alergica? grave|choque anafil\w+|reacao alergica|vomit\w+|got sick|food poisoning|allergic reaction|anaphyla\w+|hospital)\b/i;
const wrong =
  /\b(?:cobrad[oa] (?:a mais|duas vezes|errado)|cobraram (?:a mais|duas vezes|errado)|quero (?:o )?meu dinheiro|reembolso|estorno|veio errad[oa]|pedido errado|n[aã]o chegou|faltou|faltando|estragad[oa]|mofad[oa]|charged twice|overcharged|my money back|refund|wrong order|never arrived|hasn'?t arrived|stale|mou?ldy|rotten)\b/i;

const limit = /(?:passar de|passarem de|acima de|mais de|maior que|above|over|more than|exceeds?)\s+(\d{2,6})/i;
const amount = /\b(\d{1,3}(?:[.,]\d{3})+|\d+)\b(?!\s*(?:h\b|hs\b|horas|reais|%|am\b|pm\b|km|min|g\b|kg|ml))/gi;
const things: Readonly<Record<string, number>> = {
  cento: 100,
  centos: 100,
  duzia: 12,
  duzias: 12,
  dozen: 12,
  hundred: 100,
};

/** Whether the message orders more than the author's instructions leave to the team ("call when an order is above 100 units"). */
function overTheLimit(message: string, instructions: string): boolean {
  const most = Number(limit.exec(instructions)?.[1] ?? Number.NaN);
  if (Number.isNaN(most)) return false;
  return [...fold(message).matchAll(amount)].some((match) => {
    const next = /^\s*([a-z]+)/.exec(fold(message).slice(match.index + match[0].length))?.[1] ?? '';
    return Number((match[1] ?? '').replace(/[.,]/g, '')) * (things[next] ?? 1) > most && next.length > 2;
  });
}

/** Whether a person must take over, why, and what they need to know; in the language of the business. */
export function escalationOf(
  message: string,
  earlier: readonly string[],
  locale: Locale,
  instructions = '',
): Escalation {
  const mood = moodOf(message);
  const plain = message.normalize('NFD').replace(/\p{M}+/gu, '');
  const complaint = wrong.test(message) && mood.sentiment === 'negative';
  const large = overTheLimit(message, instructions);
  const cause = mood.wantsPerson
    ? 'person'
    : health.test(plain)
      ? 'health'
      : mood.angry
        ? 'angry'
        : complaint
          ? 'wrong'
          : large
            ? 'large'
            : null;
  const last = message.replace(/\s+/g, ' ').trim();
  const quote = last.length > 200 ? `${last.slice(0, 199)}…` : last;
  const previous = earlier.at(-1)?.replace(/\s+/g, ' ').trim().slice(0, 120);
  const summary =
    locale === 'en'
      ? `The customer wrote: “${quote}”.${previous ? ` Before that: “${previous}”.` : ''}`
      : `O cliente escreveu: “${quote}”.${previous ? ` Antes: “${previous}”.` : ''}`;
  return { escalate: cause !== null, reason: cause ? reasons[cause][locale] : '', summary };
}
