import { audit } from '../../audit/record.js';
import { notFound } from '../../errors.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import type { AuthDeps } from '../auth/service.js';
import { endSessions } from '../auth/sessions.js';
import type { ListQuery } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import type { SessionsPage } from './schemas.js';

interface SessionRow {
  readonly id: string;
  readonly organization_id: string;
  readonly user_agent: string;
  readonly address: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
}

/** Where the person is signed in, newest first. */
export const listSessions = (
  { db }: Pick<AuthDeps, 'db'>,
  { userId, sessionId }: PersonSession,
  query: ListQuery,
): Promise<SessionsPage> => {
  const before = readIdCursor(query);
  return db.withIdentity(async (trx) => {
    const { rows } = await trx.raw<{ rows: SessionRow[] }>(
      `select id, organization_id, user_agent, address, created_at, last_used_at, expires_at from platform.sessions
       where user_id = :userId and ended_at is null and expires_at > now() and (:before::uuid is null or id < :before)
       order by id desc limit :limit`,
      { userId, before, limit: query.limit + 1 },
    );
    return toPage(
      rows,
      query.limit,
      (row) => ({
        id: row.id,
        current: row.id === sessionId,
        organizationId: row.organization_id,
        userAgent: row.user_agent,
        address: row.address,
        createdAt: row.created_at.toISOString(),
        lastUsedAt: row.last_used_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
      }),
      (row) => [row.id],
    );
  });
};

/** Ends one of the person's sessions. Throws `not_found`. */
export async function revokeSession(
  { db, memberships }: AuthDeps,
  session: PersonSession,
  sessionId: string,
): Promise<void> {
  const ended = await db.withIdentity(async (trx) => {
    const gone = await endSessions(trx, { sessionId, userId: session.userId }, 'revoked');
    if (gone.length === 0) throw notFound();
    await audit(trx, session, { action: 'session.revoke', details: { sessions: gone.length } });
    return gone;
  });
  memberships.forget(ended);
}

/** Ends all of them but the one that asks. */
export async function revokeOthers({ db, memberships }: AuthDeps, session: PersonSession): Promise<void> {
  const ended = await db.withIdentity(async (trx) => {
    const gone = await endSessions(trx, { userId: session.userId, except: session.sessionId }, 'revoked');
    await audit(trx, session, { action: 'session.revoke', details: { sessions: gone.length } });
    return gone;
  });
  memberships.forget(ended);
}
