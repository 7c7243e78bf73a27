/**
 * Collects what this process has left behind: before a sample, since in the midst of one it takes a core or two from what is measured for a tenth of a
 * second. Needs Node's `--expose-gc`.
 */
export function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('Start this with --expose-gc, as `npm run bench` does.');
  globalThis.gc();
}
