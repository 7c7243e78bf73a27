import { Base } from './base.js';

export class DepartmentComment extends Base {
  static override readonly tableName = 'platform.department_comments';

  declare id: string;
  declare organizationId: string;
  declare departmentId: string;
  /** The comment that this one answers; `null` begins a thread. */
  declare threadId: string | null;
  declare nodeId: string | null;
  declare authorId: string;
  declare text: string;
  declare mentions: string[];
  declare createdAt: Date;
  declare editedAt: Date | null;
  declare resolvedAt: Date | null;
  declare resolvedBy: string | null;
}
