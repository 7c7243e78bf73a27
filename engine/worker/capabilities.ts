import type { Database } from '#db/connect.js';
import type { Credentials } from '#engine/connections/credentials.js';
import type { Egress } from '#engine/egress/egress.js';
import type { EventBus } from '#engine/graph/events.js';
import { searchKnowledge } from '#engine/knowledge/search.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import type { Lease } from '#engine/run/lease.js';
import type { Capabilities } from '#engine/run/stepContext.js';
import { createChannel } from './capabilities/channel.js';
import { createContacts } from './capabilities/contacts.js';
import { createConversation, imaginedConversation } from './capabilities/conversation.js';
import { createHttp } from './capabilities/http.js';
import type { ConversationRecord } from './conversation/record.js';
import type { OrganizationRecord } from './organization.js';
import type { Sender } from './sender.js';

export interface CapabilitiesDeps {
  readonly database: Database;
  readonly bus: EventBus;
  readonly models: ModelGateway;
  readonly sender: Sender;
  readonly egress: Egress;
  readonly credentials: Credentials;
  readonly lease: Lease;
}

/** Read once, when the run starts or goes on. */
export interface RunWorld {
  readonly organization: OrganizationRecord;
  readonly conversation: ConversationRecord | null;
  /** The run that the customer's messages are answered by: the run itself, or the first of those it repeats. */
  readonly answers: string;
  /** Nothing is done outside. */
  readonly rehearsal: boolean;
  /** A rehearsal that a message written by hand started: it has no conversation, so one is imagined. */
  readonly imagined: boolean;
}

/** What steps may do beyond computing. `worlds` holds every run at work, by its id. */
export function createCapabilities(deps: CapabilitiesDeps, worlds: ReadonlyMap<string, RunWorld>): Capabilities {
  const { database, bus, models, sender, egress, credentials, lease } = deps;
  const { engine } = database;
  return ({ run, signal, charge, effect }) => {
    const { id: runId, organizationId } = run;
    const world = worlds.get(runId);
    if (!world) throw new Error(`Run ${runId} is not at work here`);
    const { conversation: record, answers, rehearsal, imagined } = world;
    const { modelKeys: keys, capped, ...organization } = world.organization;
    return {
      organization,
      models: models.forRun({
        organizationId,
        keys,
        capped,
        signal,
        charge,
        locale: organization.locale,
        isWatched: () => bus.isHeard(organizationId),
      }),
      knowledge: {
        search: (query, options = {}) => searchKnowledge(database, models, organizationId, query, { ...options, keys }),
      },
      contacts: createContacts({
        engine,
        organizationId,
        runId: answers,
        of: record && { contactId: record.contactId, conversationId: record.id },
        rehearsal,
      }),
      conversation: record
        ? createConversation({ engine, bus, runId, record, answers, rehearsal })
        : imagined
          ? imaginedConversation(runId, organization.locale)
          : null,
      http: createHttp({ egress, credentials, organizationId, signal, effect }),
      channel: createChannel({ engine, bus, sender, runId, record, imagined, lease, effect }),
    };
  };
}
