import type { Inbox } from './inbox.js';

/** What webhooks need of the server. */
export interface WebhookDeps {
  readonly inbox: Inbox;
  readonly whatsapp: { readonly appSecret: string | undefined; readonly verifyToken: string | undefined };
}
