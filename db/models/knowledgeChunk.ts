import { Base } from './base.js';

export class KnowledgeChunk extends Base {
  static override readonly tableName = 'platform.knowledge_chunks';

  declare id: string;
  declare organizationId: string;
  declare sourceId: string;
  declare position: number;
  declare heading: string;
  declare content: string;
  /** `[0.1,0.2,…]`, 1024 numbers. */
  declare embedding: string;
  declare embeddingModel: string;
}
