import { createCipheriv, createDecipheriv, hkdfSync, randomFillSync, type KeyObject } from 'node:crypto';

/**
 * AES-256-GCM. What is sealed begins with a byte of format: `1` for the first key of its kind, `2` for a later one, whose number follows in two
 * bytes. Then 12 bytes of nonce, the ciphertext, 16 of tag.
 */
const nonceBytes = 12;
const tagBytes = 16;

/** A sealed value that was altered, belongs to somebody else, or was sealed with a key that is gone. */
export class CannotOpen extends Error {
  constructor() {
    super('A sealed value does not open: it was altered, belongs elsewhere, or its key is gone.');
    this.name = 'CannotOpen';
  }
}

const FIRST = Buffer.from([1]);
/** The bytes that everything sealed with this version of a key begins with. */
export const headOf = (version: number): Buffer =>
  version === 1 ? FIRST : Buffer.from([2, version >> 8, version & 255]);

/** The version of the key that something was sealed with. Throws `CannotOpen` for what is not sealed at all. */
export function versionOf(sealed: Uint8Array): number {
  if (sealed[0] === 1) return 1;
  if (sealed[0] === 2 && sealed.length > 3) return ((sealed[1] ?? 0) << 8) | (sealed[2] ?? 0);
  throw new CannotOpen();
}

/** Random bytes are drawn for many values at once: asking for twelve costs as much as sealing a message. */
const drawn = Buffer.alloc(nonceBytes * 256);
let used = drawn.length;
function drawNonce(into: Buffer, at: number): Buffer {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  drawn.copy(into, at, used, (used += nonceBytes));
  return into.subarray(at, at + nonceBytes);
}

/** @param context what the value belongs to: it opens nowhere else */
export function encrypt(key: Buffer | KeyObject, context: Uint8Array, plaintext: Uint8Array, version = 1): Buffer {
  const head = headOf(version);
  const start = head.length + nonceBytes;
  const sealed = Buffer.allocUnsafe(start + plaintext.length + tagBytes);
  head.copy(sealed);
  const cipher = createCipheriv('aes-256-gcm', key, drawNonce(sealed, head.length));
  cipher.setAAD(context);
  cipher.update(plaintext).copy(sealed, start);
  cipher.final();
  cipher.getAuthTag().copy(sealed, start + plaintext.length);
  return sealed;
}

/** Throws `CannotOpen`. */
export function decrypt(key: Buffer | KeyObject, context: Uint8Array, sealed: Uint8Array): Buffer {
  const head = headOf(versionOf(sealed)).length;
  if (sealed.length < head + nonceBytes + tagBytes) throw new CannotOpen();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(head, head + nonceBytes));
  decipher.setAAD(context).setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(head + nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw new CannotOpen();
  }
}

export const derive = (key: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
