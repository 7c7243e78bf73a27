import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Database } from '#db/connect.js';
import type { Keyring } from '#db/seal.js';
import type { ModelBaseUrls } from '#engine/connections/connection.js';
import type { Egress } from '#engine/egress/egress.js';
import type { EventBus } from '#engine/graph/events.js';
import type { Admission } from '#engine/worker/admission.js';
import type { Queues } from '#engine/worker/enqueue.js';
import type { Models, OfferedModel, Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { AccessTokens } from './api/auth/accessTokens.js';
import type { ApiKeys } from './api/apiKeys/verify.js';
import type { Memberships } from './api/auth/memberships.js';
import type { SigningKeys } from './api/auth/signingKeys.js';
import type { Tickets } from './api/auth/tickets.js';
import type { Drafts } from './collaboration/drafts.js';
import type { Mailer } from './mail/mailer.js';
import type { TemplateLibrary } from './api/templates/library.js';
import type { Inbox } from './webhooks/inbox.js';
import type { WebhookDeps } from './webhooks/deps.js';

/** Best passages of an organization's knowledge for a query. The engine's, passed in: the server does not reach into it. */
export type SearchKnowledge = (
  organizationId: string,
  query: string,
  options: { readonly limit: number },
) => Promise<readonly Passage[]>;

/** For whom a model is asked: the organization pays, by its own keys where it has any, and within its day's money. */
export interface ModelCaller {
  readonly organizationId: string;
  readonly keys: 'platform' | 'own';
  readonly capped: boolean;
  readonly locale: Locale;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
/** The door to AI. The engine's, passed in like the search. */
export type AskModels = (caller: ModelCaller) => Models;

/** Everything the server needs, opened by whoever starts it. */
export interface AppDeps {
  readonly db: Database;
  readonly queues: Queues;
  readonly admission: Pick<Admission, 'wake'>;
  readonly bus: EventBus;
  readonly drafts: Drafts;
  readonly keyring: Keyring;
  readonly inbox: Inbox;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly memberships: Memberships;
  readonly tickets: Tickets;
  readonly apiKeys: ApiKeys;
  readonly mailer: Mailer;
  /** Opens the outbox; `null` while a mail service is connected. */
  readonly operatorKey: string | null;
  readonly templates: TemplateLibrary;
  readonly nodeTypes: readonly PublicNode[];
  readonly searchKnowledge: SearchKnowledge;
  readonly models: AskModels;
  /** What an author may choose for a step. */
  readonly modelCatalogue: () => readonly OfferedModel[];
  /** Meta's app secret and the token of its handshake. */
  readonly whatsapp: WebhookDeps['whatsapp'];
  readonly log: Logger;
  /** Counts requests across processes; `null` counts in this one. */
  readonly redis: Redis | null;
  /** No model key is set: answers come from the sandbox. */
  readonly sandbox: boolean;
  /** The way out to addresses that tenants choose. */
  readonly egress: Egress;
  /** Addresses of providers of models that operators set. */
  readonly modelBaseUrls: ModelBaseUrls;
  readonly publicUrl: string | null;
  readonly trustProxy: string | null;
  /** Requests a minute and address; 0 is without limit. */
  readonly rateLimit: number;
  /** The built web app; `null` or a missing directory serves none. */
  readonly webAppDirectory: string | null;
}
