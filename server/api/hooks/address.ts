import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '#db/seal.js';
import { isUuid } from '../paging.js';

/** What an address is for: starting a run, or reporting to those that wait. One opens nothing for the other. */
export type HookPurpose = 'hook' | 'event';

/** A node of a department that another system may speak to. */
export interface Hook {
  readonly organizationId: string;
  readonly departmentId: string;
  readonly nodeId: string;
}

const MAC_BYTES = 16;
const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The last part of the node's address. It says whose it is and proves that we handed it out: whoever has it may use it. */
export function hookToken(
  keyring: Keyring,
  purpose: HookPurpose,
  { organizationId, departmentId, nodeId }: Hook,
): string {
  const named = Buffer.concat([bytesOf(organizationId), bytesOf(departmentId), Buffer.from(nodeId)]);
  return Buffer.concat([keyring.mac(purpose, named).subarray(0, MAC_BYTES), named]).toString('base64url');
}

/** Whose address it is; `null` for one that we never handed out. */
export function readHookToken(keyring: Keyring, purpose: HookPurpose, token: string): Hook | null {
  const bytes = Buffer.from(token, 'base64url');
  const named = bytes.subarray(MAC_BYTES);
  if (
    named.length <= 32 ||
    !timingSafeEqual(bytes.subarray(0, MAC_BYTES), keyring.mac(purpose, named).subarray(0, MAC_BYTES))
  )
    return null;
  const [organizationId, departmentId] = [uuidOf(named.subarray(0, 16)), uuidOf(named.subarray(16, 32))];
  return isUuid(organizationId) && isUuid(departmentId)
    ? { organizationId, departmentId, nodeId: named.subarray(32).toString() }
    : null;
}
