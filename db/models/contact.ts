import { Base } from './base.js';

export class Contact extends Base {
  static override readonly tableName = 'platform.contacts';
  static override readonly jsonAttributes = ['attributes'];

  declare id: string;
  declare organizationId: string;
  declare channelKind: string;
  declare externalId: string;
  declare name: string | null;
  declare phone: string | null;
  declare locale: string | null;
  declare attributes: Record<string, unknown>;
  declare createdAt: Date;
}
