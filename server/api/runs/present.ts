import type { StepError, StepView } from '#engine/graph/events.js';
import { priorities, type RunStatus, type StepStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import type { RunView, WaitView } from './schemas.js';

export interface RunRow {
  readonly id: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  readonly status: RunStatus;
  /** 0 marks a draft that somebody tried. */
  readonly number: number;
  readonly priority: number;
  readonly input: Json;
  readonly output: Json;
  readonly error: Json;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export const presentRun = (row: RunRow): RunView => ({
  id: row.id,
  departmentId: row.departmentId,
  conversationId: row.conversationId,
  status: row.status,
  version: row.number > 0 ? row.number : null,
  priority: priorities[row.priority] ?? 'normal',
  input: row.input,
  output: row.output,
  error: row.error,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

export interface StepRow {
  readonly nodeId: string;
  readonly path: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly port: string | null;
  /** UTF-8 JSON, as the engine's journal writes it. */
  readonly input: Buffer | null;
  readonly output: Buffer | null;
  readonly error: Buffer | null;
  readonly startedAt: Date | null;
  readonly durationMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** A bigint, which pg gives as text. */
  readonly costMicros: string;
  readonly model: string | null;
}

export const presentStep = (row: StepRow): StepView => ({
  nodeId: row.nodeId,
  path: row.path,
  status: row.status,
  attempt: row.attempt,
  port: row.port,
  input: parse(row.input),
  output: parse(row.output),
  error: parse(row.error) as StepError | null,
  startedAt: row.startedAt?.toISOString() ?? null,
  durationMs: row.durationMs,
  tokens: { input: row.inputTokens, output: row.outputTokens },
  cost: { micros: Number(row.costMicros), currency: 'USD' },
  model: row.model,
});

const parse = (bytes: Buffer | null): Json => (bytes ? (JSON.parse(bytes.toString('utf8')) as Json) : null);

export interface WaitRow {
  readonly path: string;
  readonly kind: 'contact' | 'member' | 'time';
  readonly question: Json;
  readonly wakeAt: Date | null;
}

export const presentWait = (row: WaitRow): WaitView => ({ ...row, wakeAt: row.wakeAt?.toISOString() ?? null });
