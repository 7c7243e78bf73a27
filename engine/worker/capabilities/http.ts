import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Credentials } from '#engine/connections/credentials.js';
import { withoutSecrets } from '#engine/connections/headers.js';
import type { Egress } from '#engine/egress/egress.js';
import { failed } from '#engine/egress/errors.js';
import type { Http, HttpAnswer, HttpConfirm, HttpQuestion, NodeContext, Verdict } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';

export interface HttpDeps {
  readonly egress: Egress;
  readonly credentials: Credentials;
  readonly organizationId: string;
  readonly signal: AbortSignal;
  readonly effect: NodeContext['effect'];
}

/** What a request of a rehearsal is answered with when the run that is rehearsed never made it. */
const NOT_ASKED: HttpAnswer = { status: 200, headers: {}, json: null, text: '' };
/** Names the ledger's entries for requests. */
export const HTTP_EFFECT = 'http';

/** An answer becomes part of the run and is kept with it: a tenth of what the egress would let in. */
const MAX_BYTES = 1_000_000;
/** A request whose answer got lost may still be under way: the other side has this long, in milliseconds, before it is asked what became of it. */
const ASK_AFTER_MS = 2_000;
/** The longest key that every provider we know of takes. */
const KEY_LENGTH = 64;

/** Requests of a run. GET and HEAD only ask and may be asked again; all others go through the effects ledger and carry its key, the same in every try. */
export function createHttp({ egress, credentials, organizationId, signal, effect }: HttpDeps): Http {
  const send = async (asked: HttpQuestion, idempotencyKey: string | null, mayAct?: () => void): Promise<HttpAnswer> => {
    const { connection } = asked;
    mayAct?.();
    // An answer may echo what it was sent; what becomes part of the run must not hold it.
    const secrets = new Set<string>();
    const headersFor = async (url: URL, id: string): Promise<Readonly<Record<string, string>>> => {
      const admittance = await certain(credentials.admit(organizationId, id, url));
      for (const secret of admittance.secrets) secrets.add(secret);
      return admittance.headers;
    };
    const { status, headers, body } = await egress.request({
      method: asked.method,
      url: asked.url,
      headers: { ...(idempotencyKey !== null && keyHeaders(idempotencyKey)), ...asked.headers },
      body: asked.body,
      timeoutMs: asked.timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
      ...(connection !== null && { headersFor: (url) => headersFor(url, connection) }),
    });
    if (connection !== null && status === 401) await credentials.refused(organizationId, connection);
    const hide = (text: string): string => withoutSecrets(text, [...secrets]);
    // PostgreSQL keeps no NUL in its texts.
    const text = hide(body.toString('utf8').replaceAll('\0', '\uFFFD'));
    const shown = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)]));
    return { status, headers: shown, json: readJson(headers['content-type'] ?? '', text), text };
  };
  const whatBecameOf = async (confirm: HttpConfirm, asked: HttpQuestion): Promise<Verdict> => {
    const { 'content-type': _, ...headers } = asked.headers;
    try {
      await after(ASK_AFTER_MS, undefined, { signal });
      return verdictOf(confirm, await send({ ...asked, method: 'GET', url: confirm.url, headers, body: null }, null));
    } catch {
      return { happened: 'unknown' };
    }
  };
  return {
    request: (key, asked) => {
      signal.throwIfAborted();
      if (asked.method === 'GET' || asked.method === 'HEAD') return send(asked, null);
      const { repeatable = false, confirm } = asked;
      const ask = confirm && (() => whatBecameOf(confirm, asked));
      return effect(
        `${HTTP_EFFECT}:${key}`,
        async (idempotencyKey, mayAct) => {
          const answer = send(asked, idempotencyKey, mayAct).then(fromItself);
          return { ...(await (repeatable ? answer.catch(worthAnother) : answer)) };
        },
        { ...NOT_ASKED },
        { repeatable, ...(ask && { ask }) },
      );
    },
  };
}

/** Stripe and the IETF's draft know it by the first name, Mercado Pago by the second. */
function keyHeaders(idempotencyKey: string): Record<string, string> {
  const short = idempotencyKey.length <= KEY_LENGTH;
  const key = short ? idempotencyKey : createHash('sha256').update(idempotencyKey).digest('hex');
  return { 'idempotency-key': key, 'x-idempotency-key': key };
}

function verdictOf({ field, value }: HttpConfirm, answer: HttpAnswer): Verdict {
  const { status, json } = answer;
  const happened: Verdict = { happened: true, result: { ...answer } };
  if (status === 404 || status === 410) return { happened: false };
  if (status < 200 || status >= 300) return { happened: 'unknown' };
  if (!field) return happened;
  const found = field.split('.').reduce<Json | undefined>((part, name) => fieldOf(part, name), json);
  if (found === undefined || found === null || typeof found === 'object') return { happened: 'unknown' };
  return (value === undefined ? Boolean(found) : String(found) === value) ? happened : { happened: false };
}

const fieldOf = (part: Json | undefined, name: string): Json | undefined =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, name)
    ? (part as Readonly<Record<string, Json>>)[name]
    : undefined;

/** The other side does it once however often it is asked: an answer that got lost is worth another question. */
function worthAnother(error: unknown): never {
  if (!(error instanceof NodeError) || error instanceof EffectDidNotHappen || error.code === 'egress_too_large')
    throw error;
  const { code, actor } = error;
  throw new NodeError(error.message, { code, actor, retryable: true, cause: error, detail: error.detail });
}

/**
 * Bad Gateway and Gateway Timeout are no answer of whoever was asked, but of what stands before it and did not hear: it may have done it all the same (RFC 9110, 15.6).
 */
function fromItself(answer: HttpAnswer): HttpAnswer {
  const { status } = answer;
  if (status === 502 || status === 504) throw failed('sent', detail('egress.gateway', { status }));
  return answer;
}

/** Credentials are looked up before anything leaves, so their failure is one of a request that did not happen. */
async function certain<T>(admittance: Promise<T>): Promise<T> {
  try {
    return await admittance;
  } catch (error) {
    if (!(error instanceof NodeError) || error instanceof EffectDidNotHappen) throw error;
    const { code, actor, retryable } = error;
    throw new EffectDidNotHappen(error.message, { code, actor, retryable, cause: error, detail: error.detail });
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
