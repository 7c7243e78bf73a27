import type { Definition } from '#engine/graph/definition.js';
import { Base } from './base.js';

export class Department extends Base {
  static override readonly tableName = 'platform.departments';
  static override readonly jsonAttributes = ['draft'];

  declare id: string;
  declare organizationId: string;
  declare name: string;
  declare type: string;
  declare status: 'draft' | 'active' | 'paused';
  declare templateSlug: string | null;
  declare draft: Definition;
  declare publishedVersion: number | null;
  declare dismissedAt: Date | null;
  declare createdAt: Date;
  declare updatedAt: Date;
}
