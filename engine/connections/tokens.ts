import type { Egress, EgressAnswer } from '#engine/egress/egress.js';
import { detail, type InnerDetail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { OpenConnection } from './connection.js';

/** Tokens of OAuth 2.0 clients, kept as long as they are good. */
export interface TokenSource {
  /** Throws `EffectDidNotHappen` (`connection_refused`, or the egress's) when there is none to be had. */
  tokenOf(connection: OpenConnection): Promise<string>;
  /** The other side did not take the token: the next request asks for another. */
  forget(connection: OpenConnection): void;
}

interface Kept {
  readonly token: Promise<string>;
  until: number;
}

/** A token is let go this long before it ends, so that none ends on its way. */
const MARGIN_MS = 30_000;
/** For an answer that does not say how long (RFC 6749, 5.1 only recommends it). */
const UNSAID_MS = 300_000;
const MOST_MS = 24 * 3_600_000;
const MOST_KEPT = 1_000;
const MOST_BYTES = 100_000;

export function createTokens(egress: Egress, now: () => number = Date.now): TokenSource {
  const kept = new Map<string, Kept>();
  const keyOf = ({ organizationId, id, version }: OpenConnection): string => `${organizationId} ${id} ${version}`;
  return {
    tokenOf(connection) {
      const key = keyOf(connection);
      const known = kept.get(key);
      if (known && known.until > now()) return known.token;
      if (kept.size >= MOST_KEPT) kept.clear();
      const asking = askFor(connection, egress);
      // Those who come while it is being asked for wait for the same one.
      const entry: Kept = { token: asking.then(({ token }) => token), until: Number.MAX_SAFE_INTEGER };
      kept.set(key, entry);
      asking.then(
        ({ seconds }) => {
          const ms = seconds === null ? UNSAID_MS : Math.min(seconds * 1_000, MOST_MS);
          entry.until = now() + Math.max(0, ms - MARGIN_MS);
        },
        () => {
          if (kept.get(key) === entry) kept.delete(key);
        },
      );
      return entry.token;
    },
    forget: (connection) => void kept.delete(keyOf(connection)),
  };
}

async function askFor(
  { settings, secret }: OpenConnection,
  egress: Egress,
): Promise<{ token: string; seconds: number | null }> {
  const { tokenUrl = '', clientId = '', scope, audience, clientAuth = 'header' } = settings;
  const inBody = clientAuth === 'body';
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope && { scope }),
    ...(audience && { audience }),
    ...(inBody && { client_id: clientId, client_secret: secret }),
  });
  const answer = await asUndone(
    egress.request({
      method: 'POST',
      url: tokenUrl,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        // Both halves are form-encoded first (RFC 6749, 2.3.1).
        ...(!inBody && {
          authorization: `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}`,
        }),
      },
      body: form.toString(),
      timeoutMs: 15_000,
      maxBytes: MOST_BYTES,
      // The secret belongs to this address and to no other that it may point to.
      redirects: 0,
    }),
  );
  return read(answer);
}

const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

/** Whatever happened on the way to a token, the request that it was for did not. */
async function asUndone(asking: Promise<EgressAnswer>): Promise<EgressAnswer> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { code, actor, detail: said } = error;
    // A token asked for twice is two tokens: nothing was done in anybody's name.
    const what = said?.code === 'egress.unclear' ? said.values['what'] : said;
    throw new EffectDidNotHappen(
      detail('connection.no_token', { why: (what as InnerDetail | undefined) ?? error.message }),
      {
        code,
        actor,
        retryable: code !== 'egress_refused' && code !== 'egress_too_large',
        cause: error,
      },
    );
  }
}

function read({ status, body }: EgressAnswer): { token: string; seconds: number | null } {
  const answer = parse(body.toString('utf8'));
  const token = answer['access_token'];
  const type = answer['token_type'];
  if (status === 200 && typeof token === 'string' && /^[\x21-\x7e]{1,8192}$/.test(token)) {
    if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
      throw refusal(detail('token.type', { type: type.slice(0, 40) }), false);
    const seconds = Number(answer['expires_in']);
    return { token, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : null };
  }
  const retryable = status === 429 || status >= 500;
  const reason = answer['error'];
  throw refusal(
    status === 200
      ? detail('token.without')
      : typeof reason === 'string' && /^[\w.-]{1,60}$/.test(reason)
        ? detail('token.answered_why', { status, said: reason })
        : detail('token.answered', { status }),
    retryable,
  );
}

const refusal = (why: InnerDetail, retryable: boolean): EffectDidNotHappen =>
  new EffectDidNotHappen(detail('connection.token_refused', { why }), {
    code: 'connection_refused',
    actor: retryable ? 'provider' : 'author',
    retryable,
  });

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
