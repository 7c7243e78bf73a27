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

/** Milliseconds after which it is done although nothing was painted: the page may stand in a tab that nobody looks at. */
const UNSEEN = 1_000;

/** Does something as soon as what is there now has been painted. Gives back how to let it be. */
export function afterPaint(work: () => void): () => void {
  let timer = setTimeout(work, UNSEEN);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    // After the frame, not in it.
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
