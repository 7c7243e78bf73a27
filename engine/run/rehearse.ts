import type { Json } from '#nodes/sdk/json.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Ledger } from './ledger.js';

/**
 * The outcome of an effect in a run that does nothing outside: what the ledger has of the same effect of one of the runs `of`, nearest
 * first, else what its maker says stands for it. Throws an author's `NodeError` when nobody can say.
 */
export async function rehearse(
  ledger: Ledger,
  of: readonly string[],
  key: string,
  rehearsed: Json | undefined,
): Promise<Json> {
  const known = await ledger.outcomeIn(of, key);
  if (known !== undefined) return known;
  if (rehearsed !== undefined) return rehearsed;
  throw new NodeError(detail('step.cannot_rehearse'), {
    code: 'cannot_rehearse',
    actor: 'author',
    retryable: false,
  });
}
