import { Base } from './base.js';

export class Schedule extends Base {
  static override readonly tableName = 'platform.schedules';

  declare id: string;
  declare organizationId: string;
  declare departmentId: string;
  declare nodeId: string;
  declare cron: string;
  declare timezone: string;
  declare nextAt: Date;
  declare catchUp: boolean;
}
