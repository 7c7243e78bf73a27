import { Base } from './base.js';

export class Effect extends Base {
  static override readonly tableName = 'platform.effects';
  static override readonly idColumn = ['run_id', 'key'];

  declare runId: string;
  declare key: string;
  declare organizationId: string;
  declare state: 'intended' | 'done' | 'uncertain';
  declare result: Buffer | null;
  declare worker: string;
  declare createdAt: Date;
  declare updatedAt: Date;
}
