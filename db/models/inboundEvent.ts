import { Base } from './base.js';

export class InboundEvent extends Base {
  static override readonly tableName = 'platform.inbound_events';
  static override readonly jsonAttributes = ['payload'];

  declare id: string;
  declare provider: string;
  declare externalId: string;
  declare organizationId: string | null;
  declare payload: Record<string, unknown>;
  declare receivedAt: Date;
  declare processedAt: Date | null;
  declare outcome: string | null;
  declare error: string | null;
}
