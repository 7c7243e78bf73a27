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
  /** A simulator that the draft answers in, and the draft as it was frozen for the last message. */
  declare draft: boolean;
  declare draftVersionId: string | null;
  declare settings: Record<string, unknown>;
  declare createdAt: Date;
}
