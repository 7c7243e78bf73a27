import { Base } from './base.js';

export class RefreshToken extends Base {
  static override readonly tableName = 'platform.refresh_tokens';

  declare id: string;
  declare familyId: string;
  declare userId: string;
  declare organizationId: string;
  declare tokenHash: Buffer;
  declare createdAt: Date;
  declare expiresAt: Date;
  declare usedAt: Date | null;
  declare revokedAt: Date | null;
}
