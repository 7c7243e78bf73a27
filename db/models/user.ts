import { Base } from './base.js';

export class User extends Base {
  static override readonly tableName = 'platform.users';

  declare id: string;
  declare email: string;
  declare name: string;
  declare passwordHash: string;
  declare createdAt: Date;
}
