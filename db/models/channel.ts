import { Base } from './base.js';

export class Channel extends Base {
  static override readonly tableName = 'platform.channels';
  static override readonly jsonAttributes = ['settings'];

  declare id: string;
  declare organizationId: string;
  declare departmentId: string;
  declare kind: 'whatsapp' | 'simulator';
  /** The phone number id, for WhatsApp. */
  declare externalId: string;
  declare connectionId: string | null;
  declare name: string;
  declare settings: Record<string, unknown>;
  declare createdAt: Date;
}
