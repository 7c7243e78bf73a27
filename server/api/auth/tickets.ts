import type { Database } from '#db/connect.js';
import type { AccessClaims } from './accessTokens.js';
import { issueOneTimeToken, useOneTimeToken } from './oneTimeTokens.js';

const PREFIX = 'ticket_';
const SECONDS = 60;

/** What opens one WebSocket, within a minute: an address ends up in logs, and this is worth nothing there. */
export interface Tickets {
  issue(claims: AccessClaims): Promise<{ ticket: string; expiresAt: string }>;
  /** `null` for what is no ticket, or not a good one any more. */
  take(token: string): Promise<AccessClaims | null>;
}

export const createTickets = (db: Database): Tickets => ({
  async issue({ userId, organizationId, sessionId, expiresAt }) {
    const token = await db.withIdentity((trx) =>
      issueOneTimeToken(trx, 'ticket', { userId, organizationId, data: { sessionId, until: expiresAt.getTime() } }),
    );
    return { ticket: PREFIX + token, expiresAt: new Date(Date.now() + SECONDS * 1000).toISOString() };
  },
  async take(token) {
    if (!token.startsWith(PREFIX)) return null;
    const used = await db.withIdentity((trx) => useOneTimeToken(trx, 'ticket', token.slice(PREFIX.length)));
    const { sessionId, until } = used?.data ?? {};
    if (!used?.userId || !used.organizationId || typeof sessionId !== 'string' || typeof until !== 'number')
      return null;
    return { userId: used.userId, organizationId: used.organizationId, sessionId, expiresAt: new Date(until) };
  },
});
