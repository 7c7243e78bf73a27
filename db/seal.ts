import { createHmac, randomBytes } from 'node:crypto';
import { rowsOf, type Query } from './query.js';
import { CannotOpen, decrypt, derive, encrypt, versionOf } from './sealing/cipher.js';
import { createVault, type Vault, type VaultKeys } from './sealing/vault.js';

export { CannotOpen } from './sealing/cipher.js';

/** What is sealed with the master key: the keys of organizations, and secrets of the platform itself. */
export interface MasterKeys {
  /** 32 bytes. */
  readonly current: Buffer;
  /** The one before, while everything is being sealed anew: read with, and written with until that begins. */
  readonly previous: Buffer | null;
}
export type WhichMaster = 'current' | 'previous';

/** Keys of the platform that outlive the master key, which only seals them. */
export type PlatformKeys = Readonly<Record<PlatformKey, Buffer>>;
export const platformKeyNames = ['mac hook', 'mac event', 'mac idempotency', 'inbound'] as const;
export type PlatformKey = (typeof platformKeyNames)[number];

export interface Keyring {
  /** Seals with the organization's own key, made on first use. `query` must see its rows of organization_keys. */
  seal(query: Query, organizationId: string, plaintext: string): Promise<Buffer>;
  /** @throws {CannotOpen} */
  open(query: Query, organizationId: string, sealed: Uint8Array): Promise<string>;
  /** The organization's keys, made on first use; kept for a minute, so that this costs nothing in the midst of work. @throws {CannotOpen} */
  vault(query: Query, organizationId: string): Promise<Vault>;
  /** For what arrives before anybody knows whose it is. */
  readonly inbound: Vault;
  /** Another version of the organization's key, which seals from now on; what is sealed with the former stays readable. */
  renew(query: Query, organizationId: string): Promise<number>;
  /** Forgets what it remembers of an organization. */
  forget(organizationId: string): void;
  /** For the platform's own secrets, as the private halves of signing keys. */
  sealWithMaster(plaintext: Uint8Array): Buffer;
  /** @throws {CannotOpen} */
  openWithMaster(sealed: Uint8Array): Buffer;
  /** 32 bytes that only this platform can make for these: proves that something it handed out comes back unchanged. */
  mac(purpose: 'hook' | 'event' | 'idempotency', bytes: Uint8Array): Buffer;
  /** For `masterKey.ts`, which moves everything from one master key to the next. */
  readonly master: Master;
}

export interface Master {
  readonly keys: MasterKeys;
  /** Seals and opens with one of the two. */
  seal(which: WhichMaster, plaintext: Uint8Array): Buffer;
  open(which: WhichMaster, sealed: Uint8Array): Buffer | null;
  /** A wrapped key of an organization, wrapped anew with the current master key; `null` when it is already. @throws {CannotOpen} */
  rewrap(organizationId: string, wrapped: Buffer): Buffer | null;
  /** From here on, everything is sealed with this one. */
  writeWith(which: WhichMaster): void;
  usePlatformKeys(keys: PlatformKeys): void;
  /** What a platform key was before there were any of their own. */
  derivePlatformKey(which: WhichMaster, name: PlatformKey): Buffer;
}

/** How long an organization's keys are believed, in milliseconds: after this, a key that was renewed or deleted is noticed everywhere. */
export const KEYS_BELIEVED_MS = 60_000;
/** A renewed key seals only once it is this old: until then some process may not have heard of it, and could not open what it sealed. Seconds. */
const KNOWN_EVERYWHERE = (KEYS_BELIEVED_MS / 1_000) * 1.5;
const MOST_KEPT = 20_000;

const keyRows = `select version, wrapped_key, wrapped_index_key, created_at <= now() - make_interval(secs => ${KNOWN_EVERYWHERE}) as known
  from platform.organization_keys where organization_id = $1 order by version`;

interface Kept {
  readonly vault: Vault;
  readonly versions: ReadonlySet<number>;
  readonly until: number;
}
interface KeyRow {
  readonly version: number;
  readonly known: boolean;
  readonly wrapped_key: Buffer;
  readonly wrapped_index_key: Buffer | null;
}

/**
 * Encryption at rest: each organization has a key of its own, kept wrapped by the master key. Unwrapped keys stay in memory for a while.
 * @param keys the master key, 32 bytes, or it and the one before
 */
export function openKeyring(keys: Buffer | MasterKeys): Keyring {
  const master = createMaster(Buffer.isBuffer(keys) ? { current: keys, previous: null } : keys);
  const kept = new Map<string, Kept>();

  const load = async (query: Query, organizationId: string): Promise<Kept | null> => {
    const rows = await rowsOf<KeyRow>(query, keyRows, [organizationId]);
    return rows.length === 0 ? null : keep(organizationId, unwrap(master, organizationId, rows));
  };
  const keep = (organizationId: string, unwrapped: VaultKeys): Kept => {
    if (kept.size >= MOST_KEPT) kept.clear();
    const entry = {
      vault: createVault(organizationId, unwrapped),
      versions: new Set(unwrapped.keys.keys()),
      until: Date.now() + KEYS_BELIEVED_MS,
    };
    kept.set(organizationId, entry);
    return entry;
  };
  const find = async (query: Query, organizationId: string): Promise<Kept | null> => {
    const known = kept.get(organizationId);
    if (known && known.until > Date.now()) return known;
    kept.delete(organizationId);
    return load(query, organizationId);
  };
  const insert = async (query: Query, organizationId: string, version: number, index: Buffer | null): Promise<void> => {
    await query(
      `insert into platform.organization_keys (organization_id, version, wrapped_key, wrapped_index_key, settled_at)
       select o.id, $2::int, $3::bytea, $4::bytea, case when $2::int = 1 and o.sealed then now() end from platform.organizations o where o.id = $1
       on conflict do nothing`,
      [
        organizationId,
        version,
        master.wrap(organizationId, randomBytes(32)),
        index && master.wrap(organizationId, index),
      ],
    );
  };
  const vault = async (query: Query, organizationId: string): Promise<Vault> => {
    const known = await find(query, organizationId);
    if (known) return known.vault;
    await insert(query, organizationId, 1, null);
    const made = await load(query, organizationId);
    // Not remembered before it is committed: this transaction may roll back, and another may have been first.
    kept.delete(organizationId);
    if (!made) throw new CannotOpen();
    return made.vault;
  };

  return {
    vault,
    get inbound() {
      return master.inbound();
    },
    seal: async (query, organizationId, plaintext) => (await vault(query, organizationId)).seal(Buffer.from(plaintext)),
    async open(query, organizationId, sealed) {
      let entry = await find(query, organizationId);
      // Sealed elsewhere with a key that was renewed a moment ago.
      if (entry && !entry.versions.has(versionOf(sealed))) entry = await load(query, organizationId);
      if (!entry) throw new CannotOpen();
      return entry.vault.open(sealed).toString();
    },
    async renew(query, organizationId) {
      await vault(query, organizationId);
      const rows = await rowsOf<KeyRow>(query, keyRows, [organizationId]);
      const next = (rows.at(-1)?.version ?? 0) + 1;
      await insert(query, organizationId, next, unwrap(master, organizationId, rows).index);
      kept.delete(organizationId);
      return next;
    },
    forget: (organizationId) => void kept.delete(organizationId),
    sealWithMaster: (plaintext) => master.seal(master.writing(), plaintext),
    openWithMaster(sealed) {
      const opened = master.open('current', sealed) ?? master.open('previous', sealed);
      if (!opened) throw new CannotOpen();
      return opened;
    },
    mac: (purpose, bytes) =>
      createHmac('sha256', master.platformKey(`mac ${purpose}`))
        .update(bytes)
        .digest(),
    master,
  };
}

/** The index key of an organization is drawn from its first key and kept beside the later ones: what was indexed is found whatever seals it. */
function unwrap(master: InnerMaster, organizationId: string, rows: readonly KeyRow[]): VaultKeys {
  const newest = rows.at(-1);
  if (!newest) throw new CannotOpen();
  const keys = new Map(rows.map((row) => [row.version, master.unwrap(organizationId, row.wrapped_key)]));
  const index = newest.wrapped_index_key
    ? master.unwrap(organizationId, newest.wrapped_index_key)
    : derive(keys.get(newest.version) ?? Buffer.alloc(0), 'blind index');
  const writing = rows.findLast(({ known }) => known) ?? rows[0] ?? newest;
  return { keys, newest: writing.version, index };
}

interface InnerMaster extends Master {
  inbound(): Vault;
  writing(): WhichMaster;
  wrap(organizationId: string, key: Buffer): Buffer;
  /** @throws {CannotOpen} */
  unwrap(organizationId: string, wrapped: Buffer): Buffer;
  platformKey(name: PlatformKey): Buffer;
}

function createMaster(keys: MasterKeys): InnerMaster {
  for (const [name, key] of [['MASTER_KEY', keys.current] as const, ['MASTER_KEY_PREVIOUS', keys.previous] as const])
    if (key && key.length !== 32) throw new Error(`${name} must be 32 bytes, written in base64.`);
  const halves = (key: Buffer) => ({
    key,
    wrapping: derive(key, 'organization keys'),
    platform: derive(key, 'platform secrets'),
  });
  const both = { current: halves(keys.current), previous: keys.previous ? halves(keys.previous) : null };
  let writing: WhichMaster = 'current';
  let stored: PlatformKeys | null = null;
  let inbound: Vault | null = null;
  const attempt = (key: Buffer | undefined, context: string, sealed: Uint8Array): Buffer | null => {
    if (!key) return null;
    try {
      return decrypt(key, Buffer.from(context), sealed);
    } catch {
      return null;
    }
  };
  const half = (which: WhichMaster) => {
    const found = both[which];
    if (!found) throw new CannotOpen();
    return found;
  };
  const master: InnerMaster = {
    keys,
    writing: () => writing,
    writeWith(which) {
      writing = which;
      inbound = null;
    },
    usePlatformKeys(known) {
      stored = known;
      inbound = null;
    },
    derivePlatformKey: (which, name) => derive(half(which).key, name),
    platformKey: (name) => stored?.[name] ?? master.derivePlatformKey(writing, name),
    seal: (which, plaintext) => encrypt(half(which).platform, Buffer.from('platform'), plaintext),
    open: (which, sealed) => attempt(both[which]?.platform, 'platform', sealed),
    wrap: (organizationId, key) => encrypt(half(writing).wrapping, Buffer.from(organizationId), key),
    unwrap(organizationId, wrapped) {
      const key =
        attempt(both.current.wrapping, organizationId, wrapped) ??
        attempt(both.previous?.wrapping, organizationId, wrapped);
      if (!key) throw new CannotOpen();
      return key;
    },
    rewrap(organizationId, wrapped) {
      if (attempt(both.current.wrapping, organizationId, wrapped)) return null;
      return encrypt(both.current.wrapping, Buffer.from(organizationId), master.unwrap(organizationId, wrapped));
    },
    inbound() {
      const key = master.platformKey('inbound');
      return (inbound ??= createVault('inbound', { keys: new Map([[1, key]]), newest: 1, index: key }));
    },
  };
  return master;
}
