import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { CannotOpen, decrypt, encrypt, headOf, versionOf } from './cipher.js';

/** What texts and JSON that are sealed begin with in their columns; anything else there was written before they were sealed. */
const MARK = 'sealed:';

/** The keys of one organization, at hand: sealing and opening wait for nothing. */
export interface Vault {
  seal(plaintext: Uint8Array): Buffer;
  /** Throws `CannotOpen`. */
  open(sealed: Uint8Array): Buffer;
  /** For a text column. */
  sealText(plaintext: string): string;
  /** What was written before texts were sealed comes back as it is. Throws `CannotOpen`. */
  openText(stored: string): string;
  /** The JSON text for a JSON column. */
  sealJson(value: unknown): string;
  /** The same of what is JSON text already. */
  sealJsonText(json: Uint8Array): string;
  /** Of a JSON column as the driver reads it. Throws `CannotOpen`. */
  openJson(stored: unknown): unknown;
  /** Finds what is sealed: the same for the same value of this organization, and tells nothing of it. 43 characters. */
  index(purpose: string, value: string): string;
  /** The same in 32 bits, of many values: one in four thousand million others looks the same. */
  shortIndexes(purpose: string, values: readonly string[]): number[];
  /** What sealed bytes and texts of the newest key begin with. */
  readonly head: { readonly bytes: Buffer; readonly text: string };
}

/** The keys of an organization. Rejects with `CannotOpen` when there is no such organization. */
export type VaultOf = (organizationId: string) => Promise<Vault>;

export interface VaultKeys {
  /** By version. */
  readonly keys: ReadonlyMap<number, Buffer>;
  readonly newest: number;
  readonly index: Buffer;
}

/** Short indexes kept with the keys of an organization, about 30 KB. */
const MOST_SHORT = 256;

/** @param owner whose the vault is: what is sealed in it opens in no other */
export function createVault(owner: string, { keys: bytesOf, newest, index: indexBytes }: VaultKeys): Vault {
  const context = Buffer.from(owner);
  // Once here, and not again with each value: from Node 24 on that takes longer than to seal one.
  const keys = new Map([...bytesOf].map(([version, key]) => [version, createSecretKey(key)]));
  const index = createSecretKey(indexBytes);
  const keyOf = (version: number): KeyObject => {
    const key = keys.get(version);
    if (!key) throw new CannotOpen();
    return key;
  };
  const writing = keyOf(newest);
  const seal = (plaintext: Uint8Array): Buffer => encrypt(writing, context, plaintext, newest);
  const open = (sealed: Uint8Array): Buffer => decrypt(keyOf(versionOf(sealed)), context, sealed);
  const sealText = (plaintext: string): string => MARK + seal(Buffer.from(plaintext)).toString('base64');
  const openText = (stored: string): string =>
    isSealed(stored) ? open(Buffer.from(stored.slice(MARK.length), 'base64')).toString() : stored;
  // Letters of base64 are what they are in JSON, too.
  const sealJsonText = (json: Uint8Array): string => `"${MARK}${seal(json).toString('base64')}"`;
  const bytes = headOf(newest);
  /** People say the same words again and again. */
  const short = new Map<string, number>();
  const shortIndex = (text: string): number => {
    const known = short.get(text);
    if (known !== undefined) return known;
    if (short.size === MOST_SHORT) short.clear();
    const made = createHmac('sha256', index).update(text).digest().readInt32BE();
    short.set(text, made);
    return made;
  };
  return {
    seal,
    open,
    sealText,
    openText,
    sealJsonText,
    sealJson: (value) => sealJsonText(Buffer.from(JSON.stringify(value ?? null))),
    openJson: (stored) =>
      typeof stored === 'string' && isSealed(stored) ? (JSON.parse(openText(stored)) as unknown) : stored,
    index: (purpose, value) => createHmac('sha256', index).update(`${purpose}\0${value}`).digest('base64url'),
    shortIndexes: (purpose, values) => values.map((value) => shortIndex(`${purpose}\0${value}`)),
    // Three bytes are four letters of base64. Of one byte only the first letter is certain, and it is that of every format: never `Ag`.
    head: { bytes, text: MARK + (bytes.length === 3 ? bytes.toString('base64') : '') },
  };
}

/** Whether a stored text is sealed. Somebody's own words that begin so are not: they are too short or no base64. */
export const isSealed = (stored: string): boolean =>
  stored.startsWith(MARK) &&
  stored.length >= MARK.length + 40 &&
  /^[A-Za-z0-9+/]+={0,2}$/.test(stored.slice(MARK.length));
