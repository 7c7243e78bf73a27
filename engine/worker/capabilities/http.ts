import type { Egress } from '#engine/egress/egress.js';
import type { Http, HttpAnswer, HttpQuestion, NodeContext } from '#nodes/sdk/context.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';

/** Headers that let a request in at `url`. Throws `NodeError` `connection_unknown` or `connection_other_host`. */
export type Credentials = (organizationId: string, connectionId: string, url: URL) => Promise<Record<string, string>>;

/** Where no connections are kept. */
export const noConnections: Credentials = () =>
  Promise.reject(
    new NodeError('There is no such connection.', { code: 'connection_unknown', actor: 'author', retryable: false }),
  );

export interface HttpDeps {
  readonly egress: Egress;
  readonly credentials: Credentials;
  readonly organizationId: string;
  readonly signal: AbortSignal;
  readonly effect: NodeContext['effect'];
}

/** An answer becomes part of the run and is kept with it: a tenth of what the egress would let in. */
const MAX_BYTES = 1_000_000;

/** Requests of a run. GET and HEAD only ask and may be asked again; all others go through the effects ledger and carry its key. */
export function createHttp({ egress, credentials, organizationId, signal, effect }: HttpDeps): Http {
  const send = async (asked: HttpQuestion, idempotencyKey: string | null): Promise<HttpAnswer> => {
    const { connection } = asked;
    const { status, headers, body } = await egress.request({
      method: asked.method,
      url: asked.url,
      headers: { ...(idempotencyKey !== null && { 'idempotency-key': idempotencyKey }), ...asked.headers },
      body: asked.body,
      timeoutMs: asked.timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
      ...(connection !== null && { headersFor: (url) => certain(credentials(organizationId, connection, url)) }),
    });
    // PostgreSQL keeps no NUL in its texts.
    const text = body.toString('utf8').replaceAll('\0', '\uFFFD');
    return { status, headers, json: readJson(headers['content-type'] ?? '', text), text };
  };
  return {
    request: (key, asked) => {
      signal.throwIfAborted();
      if (asked.method === 'GET' || asked.method === 'HEAD') return send(asked, null);
      return effect(`http:${key}`, async (idempotencyKey) => ({ ...(await send(asked, idempotencyKey)) }));
    },
  };
}

/** Credentials are looked up before anything leaves, so their failure is one of a request that did not happen. */
async function certain(headers: Promise<Record<string, string>>): Promise<Record<string, string>> {
  try {
    return await headers;
  } catch (error) {
    if (!(error instanceof NodeError) || error instanceof EffectDidNotHappen) throw error;
    const { code, actor, retryable } = error;
    throw new EffectDidNotHappen(error.message, { code, actor, retryable, cause: error });
  }
}

function readJson(type: string, text: string): Json {
  if (!/^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(type)) return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
