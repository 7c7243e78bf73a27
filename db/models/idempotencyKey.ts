import { Base } from './base.js';

export class IdempotencyKey extends Base {
  static override readonly tableName = 'platform.idempotency_keys';
  static override readonly idColumn = ['organization_id', 'key'];
  static override readonly jsonAttributes = ['response'];

  declare organizationId: string;
  declare key: string;
  declare requestHash: Buffer;
  declare statusCode: number | null;
  declare response: unknown;
  declare createdAt: Date;
}
