/** What has a limit of its own: what runs worked on, and the runs themselves. */
export type Part = 'payloads' | 'runs';
export const parts: readonly Part[] = ['payloads', 'runs'];

/** Days that are offered. */
const usual = [7, 15, 30, 60, 90, 180, 365, 730, 1_095, 1_825, 3_650] as const;

/** Those, and what stands already, however it came to be. */
export const choicesOf = (...standing: readonly number[]): number[] =>
  [...new Set([...usual, ...standing])].toSorted((a, b) => a - b);

const dayMs = 86_400_000;

/** Whether something that ended then is past a limit of so many days. */
export const isOlder = (endedAt: string, days: number, now = Date.now()): boolean =>
  Date.parse(endedAt) < now - days * dayMs;
