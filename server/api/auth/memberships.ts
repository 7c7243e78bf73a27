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
  /** The departments that they work in; `null`: all of them. */
  readonly departments: readonly string[] | null;
}

export type Caller = Pick<AccessClaims, 'sessionId' | 'userId' | 'organizationId'>;

/** Answers kept between processes, so that each need not ask the database for itself; and the word that one is not true any more. */
export interface SharedMemberships {
  /** With how much longer it may be believed. */
  get(caller: Caller): Promise<{ readonly member: Member; readonly forMs: number } | null>;
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

interface Known {
  readonly member: Promise<Member | null>;
  until: number;
}

/**
 * Asks the database whether a token's session still stands, at most once in 20 s for each. What is shared counts from when the database was
 * asked, not from when it was read, so that no answer is older than that anywhere.
 */
export function createMemberships(db: Database, shared?: SharedMemberships, believedMs = BELIEVED_MS): Memberships {
  const known = new Map<string, Known>();
  const changes = new EventEmitter().setMaxListeners(0);
  /** How often something has been forgotten: an answer that was under way meanwhile is not passed on. */
  let forgotten = 0;
  /** What changed just now, and until when: another process may still share what it asked before. */
  const doubted = new Map<string, number>();
  const keyOf = ({ sessionId, userId, organizationId }: Caller): string => `${sessionId} ${userId} ${organizationId}`;

  const ask = async (caller: Caller): Promise<{ member: Member | null; forMs: number }> => {
    const told = doubted.has(caller.sessionId) ? null : await shared?.get(caller);
    if (told) return told;
    const before = forgotten;
    const { rows } = await db.withIdentity((trx) =>
      trx.raw<{ rows: Member[] }>(
        `select m.role, m.departments, u.name from platform.memberships m join platform.users u on u.id = m.user_id join platform.sessions s on s.user_id = m.user_id
         where m.organization_id = ? and m.user_id = ? and s.id = ? and s.ended_at is null and s.expires_at > now()`,
        [caller.organizationId, caller.userId, caller.sessionId],
      ),
    );
    const member = rows[0] ?? null;
    if (member && forgotten === before) shared?.set(caller, member);
    return { member, forMs: believedMs };
  };

  const drop = (sessionIds: readonly string[]): void => {
    forgotten += 1;
    const changed = new Set(sessionIds);
    const now = Date.now();
    for (const [id, until] of doubted) if (until < now) doubted.delete(id);
    if (shared) for (const id of changed) doubted.set(id, now + believedMs);
    for (const key of known.keys()) if (changed.has(key.slice(0, key.indexOf(' ')))) known.delete(key);
    for (const id of changed) changes.emit(id);
  };
  shared?.onAnnounced(drop);

  return {
    memberOf(caller) {
      const key = keyOf(caller);
      const entry = known.get(key);
      if (entry && entry.until > Date.now()) return entry.member;
      const asked = Date.now();
      const answer = ask(caller);
      const fresh: Known = { member: answer.then(({ member }) => member), until: asked + believedMs };
      // The oldest go first: a Map keeps the order of insertion.
      known.delete(key);
      for (const old of known.keys()) {
        if (known.size < MOST_KEPT) break;
        known.delete(old);
      }
      known.set(key, fresh);
      answer.then(
        ({ forMs }) => (fresh.until = asked + forMs),
        () => known.get(key) === fresh && known.delete(key),
      );
      return fresh.member;
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
