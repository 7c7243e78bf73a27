import { uuidv7 } from 'uuidv7';
import { upsertConversation } from '#db/conversations.js';
import { Channel } from '#db/models/channel.js';
import { Organization } from '#db/models/organization.js';
import type { InboundMessage } from '#engine/channels/whatsapp/inbound.js';
import { detectLocale } from '#nodes/sdk/language.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import type { SimulatorAccepted, SimulatorMessage } from './schemas.js';

/**
 * A customer writes in the simulator. The conversation exists when this returns; everything else goes the way of any channel:
 * the message is stored as an inbound event and a worker takes it from there.
 */
export async function writeInSimulator(
  { db, keyring, inbox }: Pick<AppDeps, 'db' | 'keyring' | 'inbox'>,
  session: Session,
  channelId: string,
  body: SimulatorMessage,
): Promise<SimulatorAccepted> {
  const { phoneNumberId, conversationId } = await db.withOrganization(session, async (trx) => {
    const channel = found(await Channel.query(trx).findOne({ id: channelId, kind: 'simulator' }));
    const organization = found(await Organization.query(trx).select('locale').findById(session.organizationId));
    const query = statementOf(trx);
    const conversation = await upsertConversation(query, await keyring.vault(query, session.organizationId), {
      organizationId: session.organizationId,
      channelId,
      channelKind: 'simulator',
      departmentId: channel.departmentId,
      externalId: body.from,
      name: body.name ?? null,
      locale: detectLocale(body.text) ?? organization.locale,
    });
    return { phoneNumberId: channel.externalId, conversationId: conversation.conversationId };
  });
  const item: InboundMessage = {
    kind: 'message',
    externalId: `message:${uuidv7()}`,
    phoneNumberId,
    from: body.from,
    name: body.name ?? null,
    timestamp: new Date().toISOString(),
    message: body.buttonId
      ? { kind: 'button', text: body.text, buttonId: body.buttonId }
      : { kind: 'text', text: body.text },
    answerable: true,
    raw: null,
  };
  const [messageId] = await inbox.store([
    {
      provider: 'simulator',
      externalId: item.externalId,
      channel: phoneNumberId,
      payload: item,
      organizationId: session.organizationId,
      written: { by: item.from, at: item.timestamp },
    },
  ]);
  return { conversation: { id: conversationId }, message: { id: found(messageId) } };
}
