import { Base } from './base.js';

export class Connection extends Base {
  static override readonly tableName = 'platform.connections';

  declare id: string;
  declare organizationId: string;
  declare provider: string;
  declare name: string;
  declare sealedSecret: Buffer;
  declare createdAt: Date;
  declare updatedAt: Date;
}
