import type { Pool } from 'pg';
import type { WhatsAppAccount, WhatsAppClient } from '#engine/channels/whatsapp/client.js';
import type { OutgoingMessage } from '#nodes/sdk/context.js';
import { EffectDidNotHappen } from '#nodes/sdk/errors.js';
import type { ConversationRecord } from './conversation/record.js';

/** Hands messages to the channel of a conversation. */
export interface Sender {
  /**
   * `opaque` comes back in the channel's reports. `externalId` is the channel's own, `null` where it has none.
   * Throws `EffectDidNotHappen` when the message surely did not go out, and anything else when nobody can tell.
   */
  send(
    conversation: ConversationRecord,
    message: OutgoingMessage,
    opaque: string,
  ): Promise<{ readonly externalId: string | null }>;
  /** Shows the customer that they are read and that an answer is being written. A courtesy: failure is reported to nobody. */
  acknowledge(conversation: ConversationRecord, externalId: string): Promise<void>;
}

export interface SenderDeps {
  readonly engine: Pool;
  readonly whatsapp: WhatsAppClient;
  /** Opens what was sealed for this organization. */
  readonly open: (organizationId: string, sealed: Buffer) => Promise<string>;
}

export function createSender({ engine, whatsapp, open }: SenderDeps): Sender {
  /**
   * The number to send from, and whether free-form messages may go out: for 24 hours after the customer's last one (WhatsApp Business
   * Messaging Policy). Meta redelivers for 7 days, so a time further back than that cannot be right: then the moment of arrival counts.
   */
  const accountOf = async (conversation: ConversationRecord): Promise<{ account: WhatsAppAccount; open: boolean }> => {
    const { rows } = await engine.query<{ sealed: Buffer; open: boolean }>({
      name: 'connections:account',
      text: `select sealed_secret as sealed, exists (select 1 from platform.messages where conversation_id = $3 and organization_id = $2
          and direction = 'in' and created_at > now() - interval '24 hours'
          and (sent_at > now() - interval '24 hours' or sent_at < now() - interval '8 days')) as open
        from platform.connections where id = $1 and organization_id = $2`,
      values: [conversation.connectionId, conversation.organizationId, conversation.id],
    });
    const [connection] = rows;
    if (!connection) {
      throw new EffectDidNotHappen('This WhatsApp number has no credentials any more: connect it again.', {
        code: 'channel_disconnected',
        actor: 'author',
        retryable: false,
      });
    }
    const accessToken = await open(conversation.organizationId, connection.sealed);
    return { account: { phoneNumberId: conversation.channelExternalId, accessToken }, open: connection.open };
  };

  return {
    async send(conversation, message, opaque) {
      if (conversation.channelKind === 'simulator') return { externalId: null };
      const from = await accountOf(conversation);
      if (!from.open) {
        throw new EffectDidNotHappen(
          'The customer last wrote more than 24 hours ago: WhatsApp takes only templates now.',
          {
            code: 'window_closed',
            actor: 'author',
            retryable: false,
          },
        );
      }
      return whatsapp.send(from.account, conversation.to, message, opaque);
    },
    async acknowledge(conversation, externalId) {
      if (conversation.channelKind === 'simulator') return;
      try {
        const { account } = await accountOf(conversation);
        await whatsapp.markRead(account, externalId, { typing: true });
      } catch {
        // The answer itself will tell whether the channel works.
      }
    },
  };
}
