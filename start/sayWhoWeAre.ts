/**
 * As Node 21 and newer do. Where nobody says what runtime this is, pg tries it on a `Response` when it is loaded, and to make one Node loads all that
 * is behind `fetch`: a tenth of a start.
 */
export function sayWhoWeAre(): void {
  if ('navigator' in globalThis) return;
  const userAgent = `Node.js/${Number.parseInt(process.versions.node)}`;
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent }, configurable: true, writable: true });
}
