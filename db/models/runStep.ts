import { Base } from './base.js';

export class RunStep extends Base {
  static override readonly tableName = 'platform.run_steps';
  static override readonly idColumn = ['run_id', 'path', 'attempt'];

  declare runId: string;
  declare organizationId: string;
  declare path: string;
  declare attempt: number;
  declare nodeId: string;
  declare status: string;
  declare port: string | null;
  /** Packed by the engine's journal. */
  declare input: Buffer | null;
  declare output: Buffer | null;
  declare error: Buffer | null;
  declare startedAt: Date | null;
  declare durationMs: number | null;
  declare inputTokens: number;
  declare outputTokens: number;
  /** A bigint, which pg gives as text. */
  declare costMicros: string;
  declare model: string | null;
}
