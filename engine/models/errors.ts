import OpenAI from 'openai';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import type { KeysOf } from './keys.js';

const texts = {
  key: {
    'pt-BR': 'O provedor de IA recusou a chave. Confira a chave da OpenAI nas configurações.',
    en: 'The AI provider refused the key. Check the OpenAI key in the settings.',
  },
  ownKey: {
    'pt-BR': 'A OpenAI recusou a chave da sua empresa. Quem cuida da conta troca ela em Ajustes, Conexões.',
    en: "OpenAI refused your organization's key. Whoever looks after the account replaces it under Settings, Connections.",
  },
  ownQuota: {
    'pt-BR': 'Acabou o crédito da sua empresa na OpenAI. Quem cuida da conta põe crédito lá.',
    en: 'Your organization has no credit left at OpenAI. Whoever looks after the account adds some there.',
  },
  noKey: {
    'pt-BR':
      'Sua empresa escolheu usar chave própria, e falta a da OpenAI. Quem cuida da conta põe a chave em Ajustes, Conexões, ou volta pras chaves da plataforma.',
    en: "Your organization chose to use keys of its own, and OpenAI's is missing. Whoever looks after the account adds it under Settings, Connections, or goes back to the platform's keys.",
  },
  quota: {
    'pt-BR': 'Acabou o crédito no provedor de IA. Ponha crédito na conta da OpenAI.',
    en: 'The AI provider has no credit left. Add credit to the OpenAI account.',
  },
  busy: {
    'pt-BR': 'O provedor de IA está sobrecarregado. Tente de novo daqui a pouco.',
    en: 'The AI provider is overloaded. Try again in a moment.',
  },
  down: {
    'pt-BR': 'O provedor de IA não está respondendo. Tente de novo daqui a pouco.',
    en: 'The AI provider is not answering. Try again in a moment.',
  },
  request: { 'pt-BR': 'O provedor de IA não aceitou o pedido: ', en: 'The AI provider did not accept the request: ' },
  model: {
    'pt-BR': 'O provedor de IA não tem o modelo pedido: ',
    en: 'The AI provider does not have the model that was asked for: ',
  },
  refused: { 'pt-BR': 'O modelo se recusou a responder.', en: 'The model refused to answer.' },
  bad: {
    'pt-BR': 'O modelo respondeu fora do formato combinado: ',
    en: "The model's answer does not have the agreed shape: ",
  },
  empty: { 'pt-BR': 'O modelo não respondeu nada.', en: 'The model answered nothing.' },
  spent: {
    'pt-BR': 'O limite de gasto com IA de hoje acabou. Aumente o limite nas configurações ou espere até amanhã.',
    en: "Today's limit for AI spending is used up. Raise the limit in the settings or wait until tomorrow.",
  },
  full: {
    'pt-BR': 'O provedor de IA já está com o máximo de pedidos que aceita. Vai daqui a pouco.',
    en: 'The AI provider has as many requests as it takes. It goes on in a moment.',
  },
  late: { 'pt-BR': 'O modelo demorou demais pra responder.', en: 'The model took too long to answer.' },
} satisfies Record<string, Text>;

export const budgetSpent = (locale: Locale): NodeError =>
  new NodeError(texts.spent[locale], { code: 'budget_spent', actor: 'author', retryable: false });
export const noRoom = (locale: Locale, waitMs: number): NodeError =>
  new NodeError(texts.full[locale], {
    code: 'model_throttled',
    actor: 'provider',
    retryable: true,
    retryAfterMs: waitMs,
  });
export const timedOut = (locale: Locale): NodeError =>
  new NodeError(texts.late[locale], { code: 'model_timeout', actor: 'provider', retryable: true });
/** The organization uses keys of its own and has none of this provider. */
export const keyMissing = (locale: Locale): NodeError =>
  new NodeError(texts.noKey[locale], { code: 'model_key_missing', actor: 'author', retryable: false });
export const refused = (locale: Locale, why?: string): NodeError =>
  new NodeError(texts.refused[locale], { code: 'model_refused', actor: 'caller', retryable: false, cause: why });
export const badOutput = (locale: Locale, problem: string): NodeError =>
  new NodeError(problem === '' ? texts.empty[locale] : texts.bad[locale] + problem, {
    code: 'model_bad_output',
    actor: 'provider',
    retryable: true,
  });
export const circuitOpen = (locale: Locale, waitMs: number): NodeError =>
  new NodeError(texts.down[locale], {
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
    text: string,
    actor: 'provider' | 'platform' | 'author',
    retryable: boolean,
    wait?: number,
  ): NodeError =>
    new NodeError(text, {
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
        error: new NodeError(texts.model[locale] + error.message, {
          code: 'model_not_offered',
          actor: own ? 'author' : 'platform',
          retryable: false,
          cause: error,
        }),
        providerIsIll: false,
      };
    if (error.status === 401 || error.status === 403)
      return {
        error: unavailable(texts[own ? 'ownKey' : 'key'][locale], own ? 'author' : 'platform', false),
        providerIsIll: false,
      };
    if (spent.has(code) || spent.has(error.type ?? ''))
      return {
        error: unavailable(texts[own ? 'ownQuota' : 'quota'][locale], own ? 'author' : 'platform', false),
        providerIsIll: false,
      };
    if (error.status === 429)
      return {
        error: unavailable(texts.busy[locale], 'provider', true, retryAfterMs(error.headers, now)),
        providerIsIll: true,
      };
    if (error.status === 408 || error.status === 409 || error.status >= 500)
      return {
        error: unavailable(texts.down[locale], 'provider', true, retryAfterMs(error.headers, now)),
        providerIsIll: true,
      };
    if (blocked.has(code)) return { error: refused(locale, error.message), providerIsIll: false };
    return { error: unavailable(texts.request[locale] + error.message, 'platform', false), providerIsIll: false };
  }
  // An error event inside a stream has no status; a lost connection, a cut stream and broken events neither.
  const code = error instanceof OpenAI.APIError ? (error.code ?? error.type ?? '') : '';
  if (spent.has(code))
    return {
      error: unavailable(texts[own ? 'ownQuota' : 'quota'][locale], own ? 'author' : 'platform', false),
      providerIsIll: false,
    };
  const connection =
    error instanceof OpenAI.OpenAIError ||
    error instanceof CutStream ||
    error instanceof TypeError ||
    error instanceof SyntaxError ||
    isLostConnection(error);
  if (connection) return { error: unavailable(texts.down[locale], 'provider', true), providerIsIll: true };
  throw error;
}

/** In the midst of a stream a lost connection is told in the system's words (`ECONNRESET`) or undici's (`UND_ERR_SOCKET`). */
function isLostConnection(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_\w+)$/.test(code);
}
