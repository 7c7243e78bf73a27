import { Base } from './base.js';

export class Wait extends Base {
  static override readonly tableName = 'platform.waits';
  static override readonly jsonAttributes = ['question', 'answer'];

  declare id: string;
  declare organizationId: string;
  declare runId: string;
  declare path: string;
  declare kind: 'contact' | 'member' | 'time';
  declare conversationId: string | null;
  declare question: unknown;
  declare wakeAt: Date | null;
  declare answer: unknown;
  declare answeredBy: string | null;
  declare answeredAt: Date | null;
  declare createdAt: Date;
}
