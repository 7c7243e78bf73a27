import type { NodeDefinition } from '#engine/graph/definition.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { NodeKind } from '#nodes/sdk/node.js';

export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** First wait, doubled each time. */
  readonly backoffMs: number;
}

/**
 * Asking again is harmless for these, so they are tried again without being told to. What acts on the outside world is among them: only
 * what surely did not happen is retryable there, and the ledger repeats nothing that did.
 */
const byKind: Partial<Record<NodeKind, RetryPolicy>> = {
  model: { attempts: 3, backoffMs: 500 },
  read: { attempts: 3, backoffMs: 200 },
  effect: { attempts: 4, backoffMs: 1_000 },
  wait: { attempts: 4, backoffMs: 1_000 },
};
const once: RetryPolicy = { attempts: 1, backoffMs: 0 };

/** Longest wait between two tries; whoever asks for more than this fails instead, because a run may not hold its worker. */
export const MAX_BACKOFF_MS = 60_000;

export const retryPolicyOf = (definition: NodeDefinition, kind: NodeKind): RetryPolicy =>
  definition.retry ?? byKind[kind] ?? once;

/**
 * Milliseconds to wait before the next try, or `null` when there is none. Exponential with full jitter (Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog 2015), never less than the provider asked for. `attempt` is the one that just failed.
 */
export function nextDelay(
  error: unknown,
  policy: RetryPolicy,
  attempt: number,
  random: () => number = Math.random,
): number | null {
  if (!(error instanceof NodeError) || !error.retryable || attempt >= policy.attempts) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > MAX_BACKOFF_MS) return null;
  return Math.max(asked, random() * Math.min(MAX_BACKOFF_MS, policy.backoffMs * 2 ** (attempt - 1)));
}

/** A wait up to this is a moment, for which a run may keep its worker. */
const MOMENT_MS = 1_500;
/** Tries of one step on record, all its executions together, after which it is not put back any more. */
const MOST_POSTPONED = 25;
/** Failures that say: not now, and when. They tell nothing about the step, so they are no tries of its policy. */
const throttles = new Set(['channel_throttled', 'recipient_throttled', 'model_throttled', 'model_unavailable']);

/**
 * Milliseconds for which the run is put back, because a provider, or our count of what it takes, asks for more than a moment, or for one moment after
 * the other until no try is left: then for longer each time. Else `null`. With jitter of a tenth, so that those put back together do not come back
 * together. `attempt` is the number on record of the one that failed, `count` its number in this execution.
 */
export function postponement(
  error: unknown,
  policy: RetryPolicy,
  { attempt, count }: { readonly attempt: number; readonly count: number },
  random: () => number = Math.random,
): number | null {
  if (!(error instanceof NodeError) || !error.retryable || !throttles.has(error.code)) return null;
  const asked = error.retryAfterMs ?? 0;
  if (policy.attempts <= 1 || attempt >= MOST_POSTPONED) return null;
  if (asked <= MOMENT_MS && count < policy.attempts) return null;
  const again = Math.min(MAX_BACKOFF_MS, MOMENT_MS * 2 ** Math.floor(attempt / policy.attempts));
  return Math.min(asked > MOMENT_MS ? asked : again, LONGEST_POSTPONED_MS) * (1 + random() / 10);
}

/** Whoever asks for longer is asked again after this. */
const LONGEST_POSTPONED_MS = 300_000;

/** Seconds one try may take when the author does not say. Pure nodes have no such limit: nothing can stop them half way. */
const defaultTimeout: Partial<Record<NodeKind, number>> = { model: 120, read: 30, effect: 60, wait: 30 };

export const timeoutOf = (definition: NodeDefinition, kind: NodeKind): number | null =>
  definition.timeoutSeconds ?? defaultTimeout[kind] ?? null;
