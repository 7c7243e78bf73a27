import { setTimeout as after } from 'node:timers/promises';
import type { Pool } from 'pg';
import { between } from '#db/failpoint.js';
import type { WhatsAppAccount, WhatsAppClient } from '#engine/channels/whatsapp/client.js';
import type { Limiter, Rate } from '#engine/limits/limiter.js';
import { numberRate, pairRate } from '#engine/limits/whatsapp.js';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen } from '#nodes/sdk/errors.js';
import type { ConversationRecord } from './conversation/record.js';

/** The number to send from, once one more message may leave it; `null` where nothing is asked. */
type Clearance = WhatsAppAccount | null;

/** Hands messages to the channel of a conversation. */
export interface Sender {
  /**
   * While a number sends all that it may, each message waits here for its place, before anything of it is on record; `true` if it has one. Throws `EffectDidNotHappen`
   * when that would take more than a moment.
   */
  place(conversation: ConversationRecord): Promise<boolean>;
  /**
   * Takes what one message may need: whoever asks early has it when it is to leave. `placed`: it has its place already. Throws `EffectDidNotHappen` when it may not.
   */
  clear(conversation: ConversationRecord, placed?: boolean): Promise<Clearance>;
  /**
   * `opaque` comes back in the channel's reports. `externalId` is the channel's own, `null` where it has none.
   * `mayAct` is called right before the message leaves, and throws when this worker must not act any more. `cleared`: what `clear` gave; else it is asked now. Throws `EffectDidNotHappen` when the message surely did not go out, and anything else when nobody can tell.
   */
  send(
    conversation: ConversationRecord,
    message: OutgoingMessage,
    opaque: string,
    mayAct?: () => void,
    cleared?: Promise<Clearance>,
  ): Promise<{ readonly externalId: string | null }>;
  /** Shows the customer that they are read and that an answer is being written. A courtesy: failure is reported to nobody. */
  acknowledge(conversation: ConversationRecord, externalId: string): Promise<void>;
}

export interface SenderDeps {
  readonly engine: Pool;
  readonly whatsapp: WhatsAppClient;
  readonly limiter: Limiter;
  /** Opens what was sealed for this organization. */
  readonly open: (organizationId: string, sealed: Buffer) => Promise<string>;
}

/** How long a connection's secret is believed before it is read again, in milliseconds. */
const BELIEVED_MS = 10_000;
const MOST_KEPT = 1_000;
/** How long a message waits for its place, and how long a number is taken to be full after one had to, in milliseconds. */
const PLACED_WITHIN_MS = 1_000;
const FULL_MS = 2_000;
/** A customer who wrote within this time may be written to whatever the clocks say: an hour less than WhatsApp's day. */
const SURELY_OPEN_MS = 23 * 3_600_000;

export function createSender({ engine, whatsapp, limiter, open }: SenderDeps): Sender {
  const known = new Map<string, { readonly token: Promise<string>; readonly until: number }>();

  const readToken = async ({ organizationId, connectionId }: ConversationRecord): Promise<string> => {
    const { rows } = await engine.query<{ sealed: Buffer }>({
      name: 'connections:secret',
      text: 'select sealed_secret as sealed from platform.connections where id = $1 and organization_id = $2',
      values: [connectionId, organizationId],
    });
    const [connection] = rows;
    if (!connection) {
      throw new EffectDidNotHappen(detail('whatsapp.no_credentials'), {
        code: 'channel_disconnected',
        actor: 'author',
        retryable: false,
      });
    }
    return open(organizationId, connection.sealed);
  };

  /** The number to send from. */
  const accountOf = async (conversation: ConversationRecord): Promise<WhatsAppAccount> => {
    const key = `${conversation.organizationId} ${conversation.connectionId}`;
    let entry = known.get(key);
    if (!entry || entry.until < Date.now()) {
      const token = readToken(conversation);
      if (known.size >= MOST_KEPT) known.clear();
      entry = { token, until: Date.now() + BELIEVED_MS };
      known.set(key, entry);
      token.catch(() => known.delete(key));
    }
    return { phoneNumberId: conversation.channelExternalId, accessToken: await entry.token };
  };

  /**
   * Whether free-form messages may go out: for 24 hours after the customer's last one (WhatsApp Business Messaging Policy). Meta redelivers
   * for 7 days, so a time further back than that cannot be right: then the moment of arrival counts.
   */
  const isOpen = async ({ id, organizationId, lastInboundAt }: ConversationRecord): Promise<boolean> => {
    // Almost every answer: nothing need be asked, even if this machine's clock is not the database's.
    if (lastInboundAt && Date.now() - lastInboundAt.getTime() < SURELY_OPEN_MS) return true;
    const { rows } = await engine.query<{ open: boolean }>({
      name: 'messages:window',
      text: `select exists (select 1 from platform.messages where conversation_id = $1 and organization_id = $2
        and direction = 'in' and created_at > now() - interval '24 hours'
        and (sent_at > now() - interval '24 hours' or sent_at < now() - interval '8 days')) as open`,
      values: [id, organizationId],
    });
    return rows[0]?.open ?? false;
  };

  /** Numbers that had no room a while ago, and until when they are taken to have none: their next messages go one after the other. */
  const full = new Map<string, number>();
  const place = async (conversation: ConversationRecord): Promise<boolean> => {
    const until = full.get(conversation.channelExternalId);
    if (until === undefined) return false;
    if (until < performance.now()) {
      full.delete(conversation.channelExternalId);
      return false;
    }
    const rates = ratesOf(conversation);
    const wait = await limiter.book(rates, PLACED_WITHIN_MS);
    if (wait < 0) throw throttled(-wait);
    if (wait === 0) return true;
    full.set(conversation.channelExternalId, performance.now() + FULL_MS);
    await after(wait);
    // Somebody may have been told meanwhile that it is enough. It costs nothing to ask.
    const held = await limiter.book(
      rates.map((rate) => ({ ...rate, cost: 0 })),
      PLACED_WITHIN_MS,
    );
    if (held < 0) throw throttled(-held);
    return true;
  };

  const clear = async (conversation: ConversationRecord, placed = false): Promise<Clearance> => {
    if (conversation.channelKind === 'simulator') return null;
    const from = await accountOf(conversation);
    if (!(await isOpen(conversation))) {
      throw new EffectDidNotHappen(detail('whatsapp.window'), {
        code: 'window_closed',
        actor: 'author',
        retryable: false,
      });
    }
    const wait = placed ? 0 : await limiter.take(ratesOf(conversation));
    if (wait > 0) {
      if (full.size >= MOST_KEPT) full.clear();
      full.set(conversation.channelExternalId, performance.now() + FULL_MS);
      throw throttled(wait);
    }
    return from;
  };

  return {
    place,
    clear,
    async send(conversation, message, opaque, mayAct, cleared = clear(conversation)) {
      const from = await cleared;
      if (!from) return { externalId: null };
      try {
        return await between(
          'outbound.call.before',
          () => {
            mayAct?.();
            return whatsapp.send(from, conversation.to, message, opaque);
          },
          'outbound.call.after',
        );
      } catch (error) {
        // What Meta says counts for everybody who sends from here, in every worker.
        if (error instanceof EffectDidNotHappen && error.retryAfterMs !== undefined) {
          const [number, pair] = ratesOf(conversation);
          if (error.code === 'channel_throttled') await limiter.hold(number, error.retryAfterMs);
          if (error.code === 'recipient_throttled') await limiter.hold(pair, error.retryAfterMs);
        }
        throw error;
      }
    },
    async acknowledge(conversation, externalId) {
      if (conversation.channelKind === 'simulator') return;
      try {
        await whatsapp.markRead(await accountOf(conversation), externalId, { typing: true });
      } catch {
        // The answer itself will tell whether the channel works.
      }
    },
  };
}

/** Of the number, and of the number and the customer, by our id: what counts is kept where telephone numbers have no business. */
const ratesOf = ({ channelExternalId, contactId }: ConversationRecord): [number: Rate, pair: Rate] => [
  numberRate(channelExternalId),
  pairRate(channelExternalId, contactId),
];

const throttled = (retryAfterMs: number): EffectDidNotHappen =>
  new EffectDidNotHappen(detail('whatsapp.throttled'), {
    code: 'channel_throttled',
    actor: 'provider',
    retryable: true,
    retryAfterMs,
  });
