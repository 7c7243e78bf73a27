import { Deadline } from '#engine/signals/deadline.js';
import { request, type Dispatcher } from 'undici';
import { detail, type InnerDetail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import { metaError } from './errors.js';
import { isRecord, list, record, text } from './json.js';
import { renderMessage } from './render.js';

export const GRAPH_VERSION = 'v23.0';

export interface WhatsAppAccount {
  readonly phoneNumberId: string;
  readonly accessToken: string;
}

export interface WhatsAppClient {
  /**
   * Hands a message to WhatsApp. `opaque` comes back as `biz_opaque_callback_data` in every status of it. Resolves when Meta has
   * accepted it, which is not yet delivery. Throws `EffectDidNotHappen` when it surely was not accepted, and `NodeError`
   * `channel_unclear` when nobody can tell (the connection broke after the request had left, or Meta failed).
   */
  send(account: WhatsAppAccount, to: string, message: OutgoingMessage, opaque: string): Promise<{ externalId: string }>;
  /** Blue ticks, and "typing…" for up to 25 seconds or until the answer. */
  markRead(account: WhatsAppAccount, messageId: string, options?: { typing?: boolean }): Promise<void>;
}

export interface WhatsAppClientSettings {
  /** `https://graph.facebook.com`, with or without a version at its end. */
  readonly graphUrl: string;
  readonly timeoutMs?: number;
}

/** Codes of failures that mean the request never left this machine. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The part of Meta's Graph API that sends. */
export function createWhatsAppClient({ graphUrl, timeoutMs = 15_000 }: WhatsAppClientSettings): WhatsAppClient {
  const trimmed = graphUrl.replace(/\/+$/, '');
  const base = /\/v\d+\.\d+$/.test(trimmed) ? trimmed : `${trimmed}/${GRAPH_VERSION}`;

  async function post(account: WhatsAppAccount, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
    let response: Dispatcher.ResponseData;
    let body: unknown;
    const deadline = new Deadline(timeoutMs);
    try {
      response = await request(`${base}/${encodeURIComponent(account.phoneNumberId)}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ messaging_product: 'whatsapp', ...payload }),
        signal: deadline.signal,
      });
      body = parse(await response.body.text());
    } catch (cause) {
      throw unreachable(cause);
    } finally {
      deadline.end();
    }
    const { statusCode, headers } = response;
    if (statusCode >= 200 && statusCode < 300) return record(body);
    // A refusal in Meta's own words is certain. A bare failure is not: the message may have been accepted before it.
    if (statusCode < 500 || isRecord(record(body)['error']))
      throw metaError(statusCode, body, text(headers['retry-after']) || null);
    throw unclear(detail('whatsapp.failed_with', { status: statusCode }));
  }

  return {
    async send(account, to, message, opaque) {
      const answer = await post(account, {
        recipient_type: 'individual',
        to,
        ...renderMessage(message),
        biz_opaque_callback_data: opaque,
      });
      const externalId = text(record(list(answer['messages'])[0])['id']);
      if (!externalId) throw unclear(detail('whatsapp.unnamed'));
      return { externalId };
    },
    async markRead(account, messageId, options = {}) {
      await post(account, {
        status: 'read',
        message_id: messageId,
        ...(options.typing && { typing_indicator: { type: 'text' } }),
      });
    },
  };
}

function unreachable(error: unknown): NodeError {
  if (neverSent.has(text((error as { code?: unknown }).code)))
    return new EffectDidNotHappen(detail('whatsapp.unreachable'), {
      code: 'channel_unreachable',
      actor: 'provider',
      retryable: true,
      cause: error,
    });
  return unclear(detail('whatsapp.broke'), error);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const unclear = (what: InnerDetail, cause?: unknown): NodeError =>
  new NodeError(detail('whatsapp.unclear', { what }), {
    code: 'channel_unclear',
    actor: 'provider',
    retryable: false,
    cause,
  });
