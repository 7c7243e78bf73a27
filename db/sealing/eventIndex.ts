import type { Vault } from './vault.js';

/** What stands where words once stood: 43 characters of base64url, after the node. */
const BLIND = /:~[\w-]{43}$/;
/** The same for PostgreSQL. */
export const blindEvent = ':~[A-Za-z0-9_-]{43}$';

/**
 * Under what an event and the wait for it meet in the database. The node is legible; what its author ties them by may be a customer's word, and is not.
 * @param key `<node>:<what it is tied by>`; one that is blind already comes back as it is
 */
export function eventIndex(vault: Vault, key: string): string {
  if (BLIND.test(key)) return key;
  return `${key.slice(0, key.indexOf(':'))}:~${vault.index('event', key)}`;
}
