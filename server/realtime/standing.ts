import { ApiError } from '../errors.js';
import { KEY_START } from '../api/apiKeys/verify.js';
import { isAllowed, type AuthenticateDeps, type Session } from '../plugins/authenticate.js';
import type { Permission } from '../permissions.js';

/** How often who holds a connection is asked about again, in milliseconds. With the 20 s that an answer is believed, under a minute. */
const ASK_MS = 25_000;

/** The most that a timer takes (2^31 - 1 ms): an API key may be good for ever. */
const LONGEST_TIMER_MS = 2_147_483_647;

interface Held {
  readonly session: Session;
  /** The header that the connection was opened with: an API key is asked about again by itself. */
  readonly authorization: string | undefined;
  /** What the connection needs. */
  readonly permission: Permission;
}

/**
 * Watches whether whoever opened a long connection may still have it, and calls back once when not: the token is over, the session was ended,
 * the key revoked, the role or the departments are others. Clients come back on their own, so what is open to them is decided at the door alone.
 * @returns how to stop
 */
export function watchStanding(
  { session, authorization, permission }: Held,
  { memberships, apiKeys }: Pick<AuthenticateDeps, 'memberships' | 'apiKeys'>,
  onLoss: () => void,
): () => void {
  const key = authorization?.replace(/^bearer /i, '') ?? '';
  const stands = async (): Promise<boolean> => {
    const { sessionId } = session;
    const now = sessionId === null ? await keyNow() : await memberships.memberOf({ ...session, sessionId });
    return (
      now !== null &&
      isAllowed({ ...session, ...now }, permission) &&
      now.role === session.role &&
      String(now.departments) === String(session.departments)
    );
  };
  const keyNow = async () => (key.startsWith(KEY_START) ? apiKeys.verify(key) : null);

  let stopped = false;
  const lose = (): void => {
    if (stopped) return;
    stop();
    onLoss();
  };
  // A store that is away for a moment says nothing about anybody.
  const ask = (): void => {
    stands().then(
      (yes) => yes || lose(),
      (error: unknown) => error instanceof ApiError && lose(),
    );
  };
  const over = setTimeout(lose, Math.min(Math.max(0, session.expiresAt.getTime() - Date.now()), LONGEST_TIMER_MS));
  const often = setInterval(ask, ASK_MS);
  const forget = session.sessionId === null ? apiKeys.onChange(ask) : memberships.onChange(session.sessionId, ask);
  const stop = (): void => {
    stopped = true;
    clearTimeout(over);
    clearInterval(often);
    forget();
  };
  return stop;
}
