import { Base } from './base.js';

export class SigningKey extends Base {
  static override readonly tableName = 'platform.signing_keys';
  static override readonly jsonAttributes = ['publicJwk'];

  declare id: string;
  declare publicJwk: Record<string, unknown>;
  declare sealedPrivateJwk: Buffer;
  declare createdAt: Date;
  declare retiredAt: Date | null;
}
