import { uuidv7 } from 'uuidv7';
import { upsertConversation } from '#db/conversations.js';
import { Channel } from '#db/models/channel.js';
import { Organization } from '#db/models/organization.js';
import type { InboundMessage } from '#engine/channels/whatsapp/inbound.js';
import type { Knex } from 'knex';
import type { Locale } from '#nodes/sdk/text.js';
import { findDepartment } from '../departments/find.js';
import { tryDraft } from '../departments/tryDraft.js';
import { detectLocale } from '#nodes/sdk/language.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import type { SimulatorAccepted, SimulatorMessage } from './schemas.js';

/**
 * A customer writes in the simulator. The conversation exists when this returns; everything else goes the way of any channel:
 * the message is stored as an inbound event and a worker takes it from there. Throws `not_found`, and `invalid_definition` where a draft answers
 * that cannot run.
 */
export async function writeInSimulator(
  deps: Pick<AppDeps, 'db' | 'keyring' | 'inbox' | 'drafts' | 'nodeTypes' | 'modelCatalogue'>,
  session: Session,
  channelId: string,
  body: SimulatorMessage,
  locale: Locale,
): Promise<SimulatorAccepted> {
  const { db, keyring, inbox, drafts } = deps;
  const simulator = (trx: Knex.Transaction): Promise<Channel> =>
    Channel.query(trx).findOne({ id: channelId, kind: 'simulator' }).then(found);
  const { draft, departmentId } = await db.withOrganization(session, simulator);
  if (draft) await drafts.settle([departmentId]);
  // One transaction: a message without its conversation, or a conversation of which its customer's message was lost, are nobody's.
  const { wakeWorkers, ...accepted } = await db.withOrganization(session, async (trx) => {
    const channel = await simulator(trx);
    if (channel.draft) await freezeDraft(deps, trx, channel, locale);
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
    const item = messageOf(body, channel.externalId);
    const { id, wakeWorkers } = await inbox.storeWithin(query, {
      provider: 'simulator',
      externalId: item.externalId,
      channel: item.phoneNumberId,
      payload: item,
      organizationId: session.organizationId,
      written: { by: item.from, at: item.timestamp },
    });
    return { conversation: { id: conversation.conversationId }, message: { id }, wakeWorkers };
  });
  wakeWorkers();
  return accepted;
}

const messageOf = (body: SimulatorMessage, phoneNumberId: string): InboundMessage => ({
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
});

/** Where the draft answers: as it stands now, and until the next message. */
async function freezeDraft(
  deps: Pick<AppDeps, 'nodeTypes' | 'modelCatalogue' | 'keyring'>,
  trx: Knex.Transaction,
  channel: Channel,
  locale: Locale,
): Promise<void> {
  const { versionId } = await tryDraft(deps, trx, await findDepartment(trx, channel.departmentId), locale);
  if (channel.draftVersionId !== versionId) await channel.$query(trx).patch({ draftVersionId: versionId });
}
