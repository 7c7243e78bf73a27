import OpenAI from 'openai';
import { detail, sayDetail, type Detail } from '#nodes/sdk/details.js';
import { NodeError, type NodeErrorOptions } from '#nodes/sdk/errors.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { KeysOf } from './keys.js';

/** In the language of the business, as the record is read without its sentence's code; with it, in the reader's. */
const told = (said: Detail, locale: Locale, options: NodeErrorOptions): NodeError =>
  new NodeError(sayDetail(said, locale) ?? said.code, { ...options, detail: said });

export const budgetSpent = (locale: Locale): NodeError =>
  told(detail('model.spent'), locale, { code: 'budget_spent', actor: 'author', retryable: false });
export const noRoom = (locale: Locale, waitMs: number): NodeError =>
  told(detail('model.full'), locale, {
    code: 'model_throttled',
    actor: 'provider',
    retryable: true,
    retryAfterMs: waitMs,
  });
export const timedOut = (locale: Locale): NodeError =>
  told(detail('model.late'), locale, { code: 'model_timeout', actor: 'provider', retryable: true });
/** The organization uses keys of its own and has none of this provider. */
export const keyMissing = (locale: Locale): NodeError =>
  told(detail('model.no_key'), locale, { code: 'model_key_missing', actor: 'author', retryable: false });
export const refused = (locale: Locale, why?: string): NodeError =>
  told(detail('model.refused'), locale, { code: 'model_refused', actor: 'caller', retryable: false, cause: why });
export const badOutput = (locale: Locale, said: Detail): NodeError =>
  told(said, locale, {
    code: 'model_bad_output',
    actor: 'provider',
    retryable: true,
  });
export const circuitOpen = (locale: Locale, waitMs: number): NodeError =>
  told(detail('model.down'), locale, {
    code: 'model_unavailable',
    actor: 'provider',
    retryable: true,
    retryAfterMs: waitMs,
  });

/** The provider has no such model under this key. */
export const isNotOffered = (error: unknown): boolean =>
  error instanceof NodeError && error.code === 'model_not_offered';

/** A stream that ended without saying that it was finished. */
export class CutStream extends Error {
  override readonly name = 'CutStream';
}

const spent = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'access_terminated']);
const blocked = new Set(['content_filter', 'content_policy_violation', 'moderation_blocked']);

/** Milliseconds that the provider asked us to wait: `retry-after-ms`, or `retry-after` as seconds or an HTTP date. */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

export interface Failure {
  readonly error: NodeError;
  /** Counts against the provider: its breaker opens after several in a row. */
  readonly providerIsIll: boolean;
}

/** What an error of the provider's client means: who must act and whether trying again helps. */
export function understand(error: unknown, locale: Locale, now: number, keys: KeysOf): Failure {
  const own = keys === 'own';
  const unavailable = (
    said: Detail,
    actor: 'provider' | 'platform' | 'author',
    retryable: boolean,
    wait?: number,
  ): NodeError =>
    told(said, locale, {
      code: 'model_unavailable',
      actor,
      retryable,
      cause: error,
      ...(wait !== undefined && { retryAfterMs: wait }),
    });
  if (error instanceof NodeError) return { error, providerIsIll: false };
  // What the guarded way out says reaches us inside the client's own error.
  if (error instanceof OpenAI.APIConnectionError && error.cause instanceof NodeError)
    return { error: error.cause, providerIsIll: error.cause.retryable };
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    const code = error.code ?? error.type ?? '';
    // Also said with 403, of a model that the project of the key has no access to.
    if (code === 'model_not_found')
      return {
        error: told(detail('model.not_offered', { said: error.message }), locale, {
          code: 'model_not_offered',
          actor: own ? 'author' : 'platform',
          retryable: false,
          cause: error,
        }),
        providerIsIll: false,
      };
    if (error.status === 401 || error.status === 403)
      return {
        error: unavailable(detail(own ? 'model.own_key' : 'model.key'), own ? 'author' : 'platform', false),
        providerIsIll: false,
      };
    if (spent.has(code) || spent.has(error.type ?? ''))
      return {
        error: unavailable(detail(own ? 'model.own_quota' : 'model.quota'), own ? 'author' : 'platform', false),
        providerIsIll: false,
      };
    if (error.status === 429)
      return {
        error: unavailable(detail('model.busy'), 'provider', true, retryAfterMs(error.headers, now)),
        providerIsIll: true,
      };
    if (error.status === 408 || error.status === 409 || error.status >= 500)
      return {
        error: unavailable(detail('model.down'), 'provider', true, retryAfterMs(error.headers, now)),
        providerIsIll: true,
      };
    if (blocked.has(code)) return { error: refused(locale, error.message), providerIsIll: false };
    return {
      error: unavailable(detail('model.not_accepted', { said: error.message }), 'platform', false),
      providerIsIll: false,
    };
  }
  // An error event inside a stream has no status; a lost connection, a cut stream and broken events neither.
  const code = error instanceof OpenAI.APIError ? (error.code ?? error.type ?? '') : '';
  if (spent.has(code))
    return {
      error: unavailable(detail(own ? 'model.own_quota' : 'model.quota'), own ? 'author' : 'platform', false),
      providerIsIll: false,
    };
  const connection =
    error instanceof OpenAI.OpenAIError ||
    error instanceof CutStream ||
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    isLostConnection(error);
  if (connection) return { error: unavailable(detail('model.down'), 'provider', true), providerIsIll: true };
  throw error;
}

/** In the midst of a stream a lost connection is told in the system's words (`ECONNRESET`) or undici's (`UND_ERR_SOCKET`). */
function isLostConnection(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_\w+)$/.test(code);
}
