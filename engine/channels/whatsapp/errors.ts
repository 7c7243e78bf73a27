import { detail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, type Actor } from '#nodes/sdk/errors.js';
import { record, text } from './json.js';

interface Meaning {
  readonly code: string;
  readonly actor: Actor;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

/**
 * What Meta's error codes ask of whom. Source: WhatsApp Cloud API, "Error codes".
 * Throttling per pair of numbers (131056) clears after about six seconds.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  1: { code: 'channel_failed', actor: 'provider', retryable: true },
  2: { code: 'channel_failed', actor: 'provider', retryable: true },
  4: { code: 'channel_throttled', actor: 'provider', retryable: true, retryAfterMs: 10_000 },
  80007: { code: 'channel_throttled', actor: 'provider', retryable: true, retryAfterMs: 10_000 },
  130429: { code: 'channel_throttled', actor: 'provider', retryable: true, retryAfterMs: 2_000 },
  131048: { code: 'channel_throttled', actor: 'provider', retryable: true, retryAfterMs: 60_000 },
  131056: { code: 'recipient_throttled', actor: 'provider', retryable: true, retryAfterMs: 6_000 },
  131000: { code: 'channel_failed', actor: 'provider', retryable: true },
  131016: { code: 'channel_failed', actor: 'provider', retryable: true },
  133004: { code: 'channel_failed', actor: 'provider', retryable: true },
  10: { code: 'channel_forbidden', actor: 'author', retryable: false },
  190: { code: 'channel_token_invalid', actor: 'author', retryable: false },
  131005: { code: 'channel_forbidden', actor: 'author', retryable: false },
  131026: { code: 'recipient_unreachable', actor: 'caller', retryable: false },
  131047: { code: 'window_closed', actor: 'author', retryable: false },
  131049: { code: 'recipient_limit', actor: 'caller', retryable: false },
};

/** Meta said no: whatever the reason, the message was not accepted, so nothing happened. */
export function metaError(status: number, body: unknown, retryAfter: string | null): EffectDidNotHappen {
  const error = record(record(body)['error']);
  const code = Number(error['code']) || 0;
  const fallback: Meaning =
    status === 401
      ? { code: 'channel_token_invalid', actor: 'author', retryable: false }
      : status === 429
        ? { code: 'channel_throttled', actor: 'provider', retryable: true }
        : status >= 500
          ? { code: 'channel_failed', actor: 'provider', retryable: true }
          : { code: 'channel_refused', actor: 'platform', retryable: false };
  const meaning = meanings[code] ?? fallback;
  const seconds = Number(retryAfter);
  const said = text(record(error['error_data'])['details']) || text(error['message']) || `HTTP ${status}`;
  return new EffectDidNotHappen(detail('whatsapp.said_no', { code: code || status, said }), {
    ...meaning,
    ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }),
  });
}
