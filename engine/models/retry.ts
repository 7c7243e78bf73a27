import { Deadline } from '#engine/signals/deadline.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Breaker } from './breaker.js';
import type { KeysOf } from './keys.js';
import { circuitOpen, noRoom, timedOut, understand } from './errors.js';
import { pause } from './pause.js';
import type { Room } from './room.js';

export interface RetryOptions {
  /** Attempts in all. */
  readonly attempts: number;
  /** The first wait is drawn from 0..`baseMs`, each next from twice that, up to `maxMs` ("full jitter": AWS Architecture Blog, 2015). */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Milliseconds for all attempts and waits together. */
  readonly deadlineMs: number;
}

export interface Tries {
  readonly breaker: Breaker;
  readonly room: Room;
  readonly options: RetryOptions;
  readonly locale: Locale;
  /** Whose key is used: who must act when it does not work. */
  readonly keys: KeysOf;
  /** Of the run. Its own reason is thrown when it aborts. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Runs `attempt` until it succeeds, its failure is not worth repeating, or the deadline passes (`model_timeout`). A wait that the provider asks for and
 * that does not fit before the deadline is not slept through: the error is thrown with its `retryAfterMs`.
 */
export async function withRetries<T>(
  tries: Tries,
  attempt: (signal: AbortSignal) => Promise<T>,
  tokens = 0,
): Promise<T> {
  tries.signal.throwIfAborted();
  const deadline = new Deadline(tries.options.deadlineMs, tries.signal);
  try {
    return await untilDeadline(tries, attempt, tokens, deadline);
  } finally {
    deadline.end();
  }
}

async function untilDeadline<T>(
  tries: Tries,
  attempt: (signal: AbortSignal) => Promise<T>,
  tokens: number,
  deadline: Deadline,
): Promise<T> {
  const { breaker, room, options, locale, signal, now, random } = tries;
  const started = now();
  const either = deadline.signal;
  for (let number = 1; ; number++) {
    await makeRoom(tries, tokens, either);
    const wait = breaker.admit();
    if (wait > 0) {
      room.leave();
      throw circuitOpen(locale, wait);
    }
    try {
      const result = await attempt(either).finally(() => room.leave());
      breaker.succeeded();
      return result;
    } catch (error) {
      if (signal.aborted) {
        breaker.abandoned();
        throw signal.reason;
      }
      if (deadline.hasPassed) {
        breaker.failedOnce();
        throw timedOut(locale);
      }
      const failure = understandOrAbandon(error, tries);
      if (failure.providerIsIll) breaker.failedOnce();
      else breaker.succeeded();
      if (!failure.providerIsIll || !failure.error.retryable || number >= options.attempts) throw failure.error;
      const asked = failure.error.retryAfterMs ?? 0;
      if (asked > 0) await room.hold(asked);
      // Longer than a moment is not slept through: the run is put back, and its place is free for others.
      if (asked > MOMENT_MS) throw failure.error;
      const jitter = random() * Math.min(options.maxMs, options.baseMs * 2 ** (number - 1));
      const sleep = Math.max(failure.error.retryAfterMs ?? 0, jitter);
      if (now() - started + sleep >= options.deadlineMs) throw failure.error;
      try {
        await pause(sleep, either);
      } catch {
        if (signal.aborted) throw signal.reason;
        throw timedOut(locale);
      }
    }
  }
}

/** A wait up to this is a moment. */
const MOMENT_MS = 1_500;

/** Waits for moments; throws `model_throttled` when there is no room for longer. */
async function makeRoom({ room, locale, signal }: Tries, tokens: number, either: AbortSignal): Promise<void> {
  for (let waited = 0; ;) {
    const wait = await room.enter(tokens);
    if (wait === 0) return;
    if (waited + wait > MOMENT_MS) throw noRoom(locale, wait > MOMENT_MS ? wait : MOMENT_MS * 2);
    waited += wait;
    try {
      await pause(wait, either);
    } catch {
      if (signal.aborted) throw signal.reason;
      throw timedOut(locale);
    }
  }
}

function understandOrAbandon(error: unknown, { breaker, locale, keys, now }: Tries): ReturnType<typeof understand> {
  try {
    return understand(error, locale, now(), keys);
  } catch (unknown) {
    breaker.abandoned();
    throw unknown;
  }
}
