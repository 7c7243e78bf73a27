import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Database } from '#db/connect.js';
import { ApiError } from '../../errors.js';
import type { Permission } from '../../permissions.js';
import type { Role } from '../../roles.js';
import { BELIEVED_MS } from '../auth/memberships.js';

/** The end of a key that has none: the latest moment that a `Date` can be. */
export const FOR_EVER = new Date(8.64e15);

/** How every key begins, so that whoever finds one somewhere knows what it is. */
export const KEY_START = 'aid_';

const MOST_KEPT = 5_000;

export interface ApiKeys {
  /** The session of a key. Throws `unauthenticated` for one that is unknown, revoked, too old, or whose maker has left. */
  verify(key: string): Promise<KeySession>;
  /** Asks the database again about every key, in this process at once and in the others within 20 s. */
  forget(): void;
  /** Calls back when something changed about some key. Returns how to stop. */
  onChange(listener: () => void): () => void;
}

/** Who calls with a key. */
export interface KeySession {
  readonly organizationId: string;
  /** Whoever made it. */
  readonly userId: string;
  /** Theirs, now. */
  readonly role: Role;
  /** What the key is limited to, and its maker too; `null`: every department. */
  readonly departments: readonly string[] | null;
  /** The key's. */
  readonly name: string;
  readonly sessionId: null;
  readonly apiKey: { readonly id: string; readonly permissions: ReadonlySet<Permission> };
  readonly expiresAt: Date;
}

interface KeyRow {
  readonly name: string;
  readonly id: string;
  readonly organization_id: string;
  readonly created_by: string;
  readonly permissions: Permission[];
  readonly expires_at: Date | null;
  readonly role: Role;
  readonly departments: string[] | null;
}

export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Keys are asked for at most once in 20 s each; that one is used is written down at most once a minute. */
export function createApiKeys(db: Database): ApiKeys {
  const changes = new EventEmitter().setMaxListeners(0);
  const known = new Map<string, { readonly session: Promise<KeySession | null>; readonly until: number }>();

  const ask = async (hash: Buffer): Promise<KeySession | null> => {
    const { rows } = await db.withIdentity((trx) =>
      trx.raw<{ rows: KeyRow[] }>(
        `with found as (select k.id, k.name, k.organization_id, k.created_by, k.permissions, k.expires_at, k.last_used_at, m.role,
              case when k.departments is null then m.departments when m.departments is null then k.departments
                else array(select unnest(k.departments) intersect select unnest(m.departments)) end as departments
            from platform.api_keys k
            join platform.memberships m on m.organization_id = k.organization_id and m.user_id = k.created_by
            where k.key_hash = ? and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())),
          used as (update platform.api_keys k set last_used_at = now() from found
            where k.id = found.id and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute'))
         select id, name, organization_id, created_by, permissions, expires_at, role, departments from found`,
        [hash],
      ),
    );
    const [row] = rows;
    if (!row) return null;
    return {
      organizationId: row.organization_id,
      userId: row.created_by,
      role: row.role,
      departments: row.departments,
      name: row.name,
      sessionId: null,
      apiKey: { id: row.id, permissions: new Set(row.permissions) },
      expiresAt: row.expires_at ?? FOR_EVER,
    };
  };

  return {
    async verify(key) {
      const hash = hashOfKey(key);
      const name = hash.toString('base64');
      let entry = known.get(name);
      if (!entry || entry.until < Date.now()) {
        if (known.size >= MOST_KEPT) known.clear();
        const session = ask(hash);
        entry = { session, until: Date.now() + BELIEVED_MS };
        known.set(name, entry);
        session.catch(() => known.delete(name));
      }
      const session = await entry.session;
      if (!session || session.expiresAt.getTime() <= Date.now()) throw new ApiError('unauthenticated');
      return session;
    },
    forget() {
      known.clear();
      changes.emit('change');
    },
    onChange(listener) {
      changes.on('change', listener);
      return () => void changes.off('change', listener);
    },
  };
}
