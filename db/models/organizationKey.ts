import { Base } from './base.js';

export class OrganizationKey extends Base {
  static override readonly tableName = 'platform.organization_keys';
  static override readonly idColumn = 'organization_id';

  declare organizationId: string;
  declare wrappedKey: Buffer;
  declare createdAt: Date;
}
