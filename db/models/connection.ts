import { Base } from './base.js';

export class Connection extends Base {
  static override readonly tableName = 'platform.connections';
  static override readonly jsonAttributes = ['settings'];

  declare id: string;
  declare organizationId: string;
  /** What it is: `whatsapp` for a channel's token, else one of `connectionKinds`. */
  declare provider: string;
  declare name: string;
  declare sealedSecret: Buffer;
  /** Host patterns: where the secret may go. */
  declare hosts: string[];
  declare settings: Record<string, unknown>;
  declare createdBy: string | null;
  declare lastUsedAt: Date | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}
