import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { rowsOf, type Query } from './query.js';

/** AES-256-GCM: one byte of format, 12 of nonce, the ciphertext, 16 of tag. */
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** A sealed value that was altered, belongs to another organization, or was sealed with another MASTER_KEY. */
export class CannotOpen extends Error {
  constructor() {
    super('A sealed value does not open: it was altered, belongs elsewhere, or MASTER_KEY has changed.');
    this.name = 'CannotOpen';
  }
}

export interface Keyring {
  /** Seals with the organization's own key, made on first use. `query` must see its row of organization_keys. */
  seal(query: Query, organizationId: string, plaintext: string): Promise<Buffer>;
  /** @throws {CannotOpen} */
  open(query: Query, organizationId: string, sealed: Uint8Array): Promise<string>;
  /** For the platform's own secrets, as the private halves of signing keys. */
  sealWithMaster(plaintext: Uint8Array): Buffer;
  /** @throws {CannotOpen} */
  openWithMaster(sealed: Uint8Array): Buffer;
  /** 32 bytes that only this platform can make for these: proves that something it handed out comes back unchanged. */
  mac(purpose: string, bytes: Uint8Array): Buffer;
}

/**
 * Encryption at rest: each organization has a key of its own, kept wrapped by the master key. Unwrapped keys stay in memory.
 * @param masterKey 32 bytes
 */
export function openKeyring(masterKey: Buffer): Keyring {
  if (masterKey.length !== 32) throw new Error('MASTER_KEY must be 32 bytes, written in base64.');
  const wrapping = derive(masterKey, 'organization keys');
  const platform = derive(masterKey, 'platform secrets');
  const keys = new Map<string, Buffer>();

  const find = async (query: Query, organizationId: string): Promise<Buffer | null> => {
    const known = keys.get(organizationId);
    if (known) return known;
    const [row] = await rowsOf<{ wrapped_key: Buffer }>(
      query,
      'select wrapped_key from platform.organization_keys where organization_id = $1',
      [organizationId],
    );
    if (!row) return null;
    const key = decrypt(wrapping, organizationId, row.wrapped_key);
    keys.set(organizationId, key);
    return key;
  };

  return {
    async seal(query, organizationId, plaintext) {
      let key = await find(query, organizationId);
      if (!key) {
        // Not remembered before it is read back: this transaction may roll back, and another may have been first.
        await query(
          'insert into platform.organization_keys (organization_id, wrapped_key) values ($1, $2) on conflict do nothing',
          [organizationId, encrypt(wrapping, organizationId, randomBytes(32))],
        );
        key = await find(query, organizationId);
        keys.delete(organizationId);
      }
      if (!key) throw new CannotOpen();
      return encrypt(key, organizationId, Buffer.from(plaintext));
    },
    async open(query, organizationId, sealed) {
      const key = await find(query, organizationId);
      if (!key) throw new CannotOpen();
      return decrypt(key, organizationId, sealed).toString();
    },
    sealWithMaster: (plaintext) => encrypt(platform, 'platform', plaintext),
    openWithMaster: (sealed) => decrypt(platform, 'platform', sealed),
    mac: (purpose, bytes) =>
      createHmac('sha256', derive(masterKey, `mac ${purpose}`))
        .update(bytes)
        .digest(),
  };
}

const derive = (key: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));

function encrypt(key: Buffer, context: string, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([format]), nonce, body, cipher.getAuthTag()]);
}

function decrypt(key: Buffer, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== format || sealed.length < 1 + nonceBytes + tagBytes) throw new CannotOpen();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes));
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw new CannotOpen();
  }
}
