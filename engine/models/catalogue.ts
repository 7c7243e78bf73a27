import type { ModelRole, OfferedModel } from '#nodes/sdk/context.js';
import { priceOf, pricedChatModels } from './prices.js';

/**
 * What there is to choose from, given which model plays which role: the dearest first, each once. Only what has a price can be chosen, and the roles'
 * own models: a day's limit counts on knowing what a call may cost.
 */
export function catalogueOf(byRole: Readonly<Record<ModelRole, string>>, at: Date): readonly OfferedModel[] {
  const roles = Object.entries(byRole) as [ModelRole, string][];
  return [...new Set([...roles.map(([, model]) => model), ...pricedChatModels])]
    .map((id) => ({
      id,
      provider: 'openai',
      price: priceOf(id, at),
      roles: roles.filter(([, model]) => model === id).map(([role]) => role),
    }))
    .toSorted((a, b) => (b.price?.output ?? 0) - (a.price?.output ?? 0));
}
