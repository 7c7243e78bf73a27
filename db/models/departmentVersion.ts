import type { Definition } from '#engine/graph/definition.js';
import { Base } from './base.js';

export class DepartmentVersion extends Base {
  static override readonly tableName = 'platform.department_versions';
  static override readonly jsonAttributes = ['definition'];

  declare id: string;
  declare organizationId: string;
  declare departmentId: string;
  /** From 1; 0 marks a draft that somebody tried. */
  declare number: number;
  declare definition: Definition;
  declare checksum: string;
  declare createdBy: string | null;
  /** What whoever published it says of it. */
  declare note: string | null;
  /** Who had changed the draft since the version before. */
  declare authors: string[];
  declare createdAt: Date;
}
