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
  changed: { 'pt-BR': 'Quer mudar um pedido já pago', en: 'Wants to change an order already paid' },
  company: { 'pt-BR': 'Pedido de empresa', en: 'Order for a company' },
  large: { 'pt-BR': 'Pedido grande', en: 'Large order' },
  wrong: { 'pt-BR': 'Reclamação sobre pedido ou cobrança', en: 'Complaint about an order or a charge' },
} satisfies Record<string, Text>;

const health =
  /\b(?:passei mal|passando mal|intoxica\w+|hospital|alergica? grave|choque anafil\w+|reacao alergica|vomit\w+|got sick|food poisoning|allergic reaction|anaphyla\w+|hospital)\b/i;
const wrong =
  /\b(?:(?:quero|exijo|preciso d[eo]|cade) (?:o |um |meu )*(?:reembolso|estorno)|cobrad[oa] (?:a mais|duas vezes|errado)|cobraram (?:a mais|duas vezes|errado)|quero (?:o )?meu dinheiro|veio errad[oa]|pedido errado|n[aã]o chegou|faltou|faltando|estragad[oa]|mofad[oa]|charged (?:me |us )?(?:twice|double)|overcharged|my money back|a refund|wrong order|never (?:arrived|came|showed up)|hasn'?t arrived|did(?:n'?t| not) (?:arrive|come)|stale|mou?ldy|rotten)\b/i;

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

const orders =
  /\b(?:quero|queria|preciso|gostaria|encomend\w+|pedido|orcamento|lanches|order\w*|need|want|quote|catering)\b/;
const changes = /\b(?:mudar|alterar|trocar|cancelar|adiar|remarcar|change|switch|move|cancel|modify)\b/;
const paid = /\b(?:paguei|pago|paga|ja pagamos|paid)\b/;
const company = /\b(?:empresas?|firma|escritorio|corporativo|company|office|corporate)\b/;

/** The author's other rules that a message meets: an order already paid to be changed, an order of a company. */
function namedRule(message: string, instructions: string): 'changed' | 'company' | null {
  const text = fold(message);
  const rules = fold(instructions);
  if (/\b(?:ja pago|already paid)\b/.test(rules) && changes.test(text) && paid.test(text)) return 'changed';
  const asksOnly = text.includes('?') && !/\b(?:quero|queria|preciso|encomendar|order|need|want)\b/.test(text);
  if (/\b(?:empresa|company)\b/.test(rules) && company.test(text) && orders.test(text) && !asksOnly) return 'company';
  return null;
}

const offers = /\b(?:falar com uma pessoa|chame uma pessoa|talk to (?:someone|a person)|get a person)\b/;
const agrees =
  /^\W*(?:sim|s|quero|quero sim|pode|pode ser|pode sim|claro|por favor|isso|aceito|chama|chame|yes|yeah|yep|yup|sure|ok|okay|please|go ahead)\b(?:[\s,.!]*(?:sim|quero|pode|por favor|pfv?|pfvr|please|pls|obrigad[oa]|do|thanks|that|would be (?:great|nice|good)|chamar|chama))*\W*$/;

/** Whether the customer says yes to the team's offer of a person. */
export const takesOffer = (message: string, lastReply: string): boolean =>
  offers.test(fold(lastReply)) && agrees.test(fold(message).trim());

/** Whether a person must take over, why, and what they need to know; in the language of the business. */
export function escalationOf(
  message: string,
  earlier: readonly string[],
  locale: Locale,
  instructions = '',
  lastReply = '',
): Escalation {
  const mood = moodOf(message);
  const plain = message.normalize('NFD').replace(/\p{M}+/gu, '');
  const complaint = wrong.test(message) && mood.sentiment === 'negative';
  const large = overTheLimit(message, instructions);
  const cause =
    mood.wantsPerson || takesOffer(message, lastReply)
      ? 'person'
      : health.test(plain)
        ? 'health'
        : mood.angry
          ? 'angry'
          : complaint
            ? 'wrong'
            : large
              ? 'large'
              : namedRule(message, instructions);
  const last = message.replace(/\s+/g, ' ').trim();
  const quote = last.length > 200 ? `${last.slice(0, 199)}…` : last;
  const previous = earlier.at(-1)?.replace(/\s+/g, ' ').trim().slice(0, 120);
  const summary =
    locale === 'en'
      ? `The customer wrote: “${quote}”.${previous ? ` Before that: “${previous}”.` : ''}`
      : `O cliente escreveu: “${quote}”.${previous ? ` Antes: “${previous}”.` : ''}`;
  return { escalate: cause !== null, reason: cause ? reasons[cause][locale] : '', summary };
}
