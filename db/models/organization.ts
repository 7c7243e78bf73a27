import { Base } from './base.js';

export class Organization extends Base {
  static override readonly tableName = 'platform.organizations';

  declare id: string;
  declare name: string;
  declare slug: string;
  declare locale: string;
  declare timezone: string;
  /** What the business is, in its owner's words: agents read it. */
  declare profile: string;
  /** Whose keys pay for the models. */
  declare modelKeys: 'platform' | 'own';
  declare createdAt: Date;
  declare updatedAt: Date;
}
