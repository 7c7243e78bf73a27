import type { Database } from '#db/connect.js';
import type { Role } from '../../roles.js';
import type { AccessClaims } from './accessTokens.js';

/** How long an ended session or a changed role may still be believed. */
const BELIEVED_MS = 20_000;
const MOST_KEPT = 10_000;

export interface Memberships {
  /** The caller's role now; `null` when the session was ended or the membership taken away. */
  roleOf(claims: AccessClaims): Promise<Role | null>;
  /** Forgets a session at once in this process; the others notice within 20 s. */
  forget(familyId: string): void;
}

/** Asks the database whether a token's session still stands, at most once in 20 s for each. */
export function createMemberships(db: Database): Memberships {
  const known = new Map<string, { readonly role: Promise<Role | null>; readonly until: number }>();
  const keyOf = ({ familyId, userId, organizationId }: AccessClaims): string =>
    `${familyId} ${userId} ${organizationId}`;

  const ask = async ({ familyId, userId, organizationId }: AccessClaims): Promise<Role | null> => {
    const { rows } = await db.withIdentity((trx) =>
      trx.raw<{ rows: { role: Role }[] }>(
        `select role from platform.memberships where organization_id = ? and user_id = ?
         and exists (select 1 from platform.refresh_tokens where family_id = ? and revoked_at is null and expires_at > now())`,
        [organizationId, userId, familyId],
      ),
    );
    return rows[0]?.role ?? null;
  };

  return {
    roleOf(claims) {
      const key = keyOf(claims);
      const entry = known.get(key);
      if (entry && entry.until > Date.now()) return entry.role;
      const role = ask(claims);
      // The oldest go first: a Map keeps the order of insertion.
      known.delete(key);
      for (const old of known.keys()) {
        if (known.size < MOST_KEPT) break;
        known.delete(old);
      }
      known.set(key, { role, until: Date.now() + BELIEVED_MS });
      role.catch(() => known.delete(key));
      return role;
    },
    forget(familyId) {
      for (const key of known.keys()) if (key.startsWith(familyId)) known.delete(key);
    },
  };
}
