import type { RunStatus } from '#engine/graph/statuses.js';
import { Base } from './base.js';

export class Run extends Base {
  static override readonly tableName = 'platform.runs';
  static override readonly jsonAttributes = ['input', 'output', 'error'];

  declare id: string;
  declare organizationId: string;
  declare departmentId: string;
  declare versionId: string;
  declare conversationId: string | null;
  declare triggerNode: string;
  declare status: RunStatus;
  declare priority: number;
  declare input: unknown;
  declare output: unknown;
  declare error: unknown;
  declare worker: string | null;
  declare attempts: number;
  declare cancelRequested: boolean;
  declare parentRunId: string | null;
  declare notBefore: Date | null;
  declare admittedAt: Date | null;
  declare startedAt: Date | null;
  declare finishedAt: Date | null;
  declare createdAt: Date;
}
