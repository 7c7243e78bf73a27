import { Base } from './base.js';

export class Conversation extends Base {
  static override readonly tableName = 'platform.conversations';

  declare id: string;
  declare organizationId: string;
  declare channelId: string;
  declare contactId: string;
  declare departmentId: string;
  declare status: 'open' | 'closed';
  declare handler: 'team' | 'person';
  declare assignedTo: string | null;
  declare handoffReason: string | null;
  declare handoffSummary: string | null;
  declare locale: string;
  declare lastInboundAt: Date | null;
  declare lastMessageAt: Date | null;
  declare createdAt: Date;
}
