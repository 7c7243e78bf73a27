import { Base } from './base.js';

export class Message extends Base {
  static override readonly tableName = 'platform.messages';
  static override readonly jsonAttributes = ['payload'];

  declare id: string;
  declare organizationId: string;
  declare conversationId: string;
  declare direction: 'in' | 'out';
  declare author: 'contact' | 'team' | 'person' | 'system';
  declare kind: string;
  declare text: string;
  declare payload: Record<string, unknown>;
  declare status: string;
  declare externalId: string | null;
  declare runId: string | null;
  /** The run that answers this inbound message; null until one has taken it. */
  declare answeredBy: string | null;
  declare error: string | null;
  declare sentAt: Date;
  declare createdAt: Date;
}
