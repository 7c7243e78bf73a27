/** Calls back when the signal is aborted, or at once when it is already. Returns how to stop listening. */
export function onAbort(signal: AbortSignal, call: (reason: unknown) => void): () => void {
  const listener = (): void => call(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  if (signal.aborted) listener();
  return () => signal.removeEventListener('abort', listener);
}
