/** Milliseconds after which it is done even if the page is never idle. */
const LATEST = 3_000;

/** Does something once the page has answered all that was asked of it. Gives back how to let it be. */
export function whenIdle(work: () => void): () => void {
  // Safari has no word for it.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, LATEST / 3);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: LATEST });
  return () => cancelIdleCallback(handle);
}
