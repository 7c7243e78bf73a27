import { Base } from './base.js';

export class KnowledgeSource extends Base {
  static override readonly tableName = 'platform.knowledge_sources';

  declare id: string;
  declare organizationId: string;
  declare title: string;
  declare kind: 'text' | 'url' | 'file';
  declare locale: string;
  declare content: string;
  declare status: 'reading' | 'ready' | 'failed';
  declare error: string | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}
