import { Base } from './base.js';

export class Contact extends Base {
  static override readonly tableName = 'platform.contacts';
  static override readonly jsonAttributes = ['attributes'];

  declare id: string;
  declare organizationId: string;
  declare channelKind: string;
  /** The blind index of the address; of a contact from before addresses were sealed, the address itself. */
  declare externalId: string;
  /** Sealed, as are the name, the phone and the attributes. */
  declare address: string | null;
  declare name: string | null;
  declare phone: string | null;
  declare locale: string | null;
  declare attributes: Record<string, unknown>;
  declare createdAt: Date;
}
