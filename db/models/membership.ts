import { Base } from './base.js';

export class Membership extends Base {
  static override readonly tableName = 'platform.memberships';
  static override readonly idColumn = ['organization_id', 'user_id'];

  declare organizationId: string;
  declare userId: string;
  declare role: 'owner' | 'admin' | 'member';
  declare createdAt: Date;
}
