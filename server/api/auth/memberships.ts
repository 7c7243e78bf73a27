import { EventEmitter } from 'node:events';
import type { Database } from '#db/connect.js';
import type { Role } from '../../roles.js';
import type { AccessClaims } from './accessTokens.js';

/** How long an ended session or a changed role may still be believed. */
export const BELIEVED_MS = 20_000;
const MOST_KEPT = 10_000;

/** What a person is in an organization. */
export interface Member {
  readonly role: Role;
  readonly name: string;
}

export type Caller = Pick<AccessClaims, 'sessionId' | 'userId' | 'organizationId'>;

/** Answers kept between processes, so that each need not ask the database for itself; and the word that one is not true any more. */
export interface SharedMemberships {
  get(caller: Caller): Promise<Member | null>;
  set(caller: Caller, member: Member): void;
  /** Tells every process that these sessions are not what they were. */
  announce(sessionIds: readonly string[]): void;
  onAnnounced(listener: (sessionIds: readonly string[]) => void): void;
}

export interface Memberships {
  /** Who the caller is now; `null` when the session was ended or the membership taken away. */
  memberOf(caller: Caller): Promise<Member | null>;
  /** These sessions have ended, or their person's role has changed: every process asks again. */
  forget(sessionIds: readonly string[]): void;
  /** Calls back when something changed about a session. Returns how to stop. */
  onChange(sessionId: string, listener: () => void): () => void;
}

/** Asks the database whether a token's session still stands, at most once in 20 s for each. */
export function createMemberships(db: Database, shared?: SharedMemberships): Memberships {
  const known = new Map<string, { readonly member: Promise<Member | null>; readonly until: number }>();
  const changes = new EventEmitter().setMaxListeners(0);
  const keyOf = ({ sessionId, userId, organizationId }: Caller): string => `${sessionId} ${userId} ${organizationId}`;

  const ask = async (caller: Caller): Promise<Member | null> => {
    const told = await shared?.get(caller);
    if (told) return told;
    const { rows } = await db.withIdentity((trx) =>
      trx.raw<{ rows: Member[] }>(
        `select m.role, u.name from platform.memberships m join platform.users u on u.id = m.user_id join platform.sessions s on s.user_id = m.user_id
         where m.organization_id = ? and m.user_id = ? and s.id = ? and s.ended_at is null and s.expires_at > now()`,
        [caller.organizationId, caller.userId, caller.sessionId],
      ),
    );
    const member = rows[0] ?? null;
    if (member) shared?.set(caller, member);
    return member;
  };

  const drop = (sessionIds: readonly string[]): void => {
    const changed = new Set(sessionIds);
    for (const key of known.keys()) if (changed.has(key.slice(0, key.indexOf(' ')))) known.delete(key);
    for (const id of changed) changes.emit(id);
  };
  shared?.onAnnounced(drop);

  return {
    memberOf(caller) {
      const key = keyOf(caller);
      const entry = known.get(key);
      if (entry && entry.until > Date.now()) return entry.member;
      const member = ask(caller);
      // The oldest go first: a Map keeps the order of insertion.
      known.delete(key);
      for (const old of known.keys()) {
        if (known.size < MOST_KEPT) break;
        known.delete(old);
      }
      known.set(key, { member, until: Date.now() + BELIEVED_MS });
      member.catch(() => known.delete(key));
      return member;
    },
    forget(sessionIds) {
      drop(sessionIds);
      shared?.announce(sessionIds);
    },
    onChange(sessionId, listener) {
      changes.on(sessionId, listener);
      return () => void changes.off(sessionId, listener);
    },
  };
}
