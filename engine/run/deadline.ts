import type { Clocks } from './clocks.js';
import { engineErrors, toNodeError } from './errors.js';

/**
 * Runs `work` and rejects once `parent` is aborted or `seconds` have passed, even when the work ignores its signal; what it still does then
 * is not waited for. Work that answers at once is answered at once. By `clocks` time that does not count for the run does not count here either.
 */
export function withinDeadline<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  parent: AbortSignal,
  seconds: number | null,
  clocks?: Clocks,
): T | Promise<T> {
  parent.throwIfAborted();
  const controller = seconds === null ? null : new AbortController();
  const result = work(controller?.signal ?? parent);
  if (!(result instanceof Promise)) return result;
  return new Promise<T>((resolve, reject) => {
    const settle = (): void => {
      endTimer();
      parent.removeEventListener('abort', onAbort);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      controller?.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => giveUp(parent.reason);
    const endTimer =
      seconds === null
        ? () => {}
        : begin(seconds, () => giveUp(toNodeError(engineErrors.stepTimeout(seconds))), clocks);
    parent.addEventListener('abort', onAbort, { once: true });
    if (parent.aborted) onAbort();
    result.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

function begin(seconds: number, over: () => void, clocks: Clocks | undefined): () => void {
  if (clocks) return clocks.start(seconds * 1_000, over);
  const timer = setTimeout(over, seconds * 1_000);
  return () => clearTimeout(timer);
}

/** Resolves after `ms`; rejects with the signal's reason once it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
