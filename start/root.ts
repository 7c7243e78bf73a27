import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository, seen from its sources (`start/`) or from what they were built into (`dist/start/`). Ends with a slash. */
export const root = findRoot();

function findRoot(): string {
  const above = fileURLToPath(new URL('..', import.meta.url));
  return existsSync(`${above}package.json`) ? above : fileURLToPath(new URL('../..', import.meta.url));
}
