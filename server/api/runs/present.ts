import { openBytes, openProblem, openStep, type StoredStep } from '#db/sealing/runRecords.js';
import type { Packs } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { StepError, StepView } from '#engine/graph/events.js';
import { priorities, type StepStatus } from '#engine/graph/statuses.js';
import type { Json } from '#nodes/sdk/json.js';
import { presentHeldUp, type HeldUpRow } from './heldUp.js';
import { leftOut } from './sizes.js';
import type { PauseView, RunView, StepBrief, WaitView } from './schemas.js';

export interface RunRow extends HeldUpRow {
  readonly id: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  /** 0 marks a draft that somebody tried. */
  readonly number: number;
  readonly priority: number;
  readonly triggerNode: string;
  readonly uncertainEffects: number;
  readonly awaitsMember: boolean;
  readonly input: Json;
  readonly output: Json;
  /** How big they are as they are stored, where they are too big to be here. */
  readonly inputLeftOut?: number | null;
  readonly outputLeftOut?: number | null;
  readonly error: Json;
  readonly supersededBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly parentId: string | null;
  readonly forkedPath: string | null;
  readonly forkedEdit: 'input' | 'output' | null;
  readonly rehearsal: boolean;
  readonly prunedAt: Date | null;
  readonly pinned: readonly string[];
}

/** The row with what it was given and came to in the clear. */
export const openRun = <Row extends RunRow>(vault: Vault, row: Row): Row => ({
  ...row,
  input: vault.openJson(row.input),
  output: vault.openJson(row.output),
  error: openProblem(vault, row.error),
});

export const presentRun = (row: RunRow): RunView => ({
  id: row.id,
  departmentId: row.departmentId,
  conversationId: row.conversationId,
  status: row.status,
  version: row.number > 0 ? row.number : null,
  priority: priorities[row.priority] ?? 'normal',
  triggerNode: row.triggerNode,
  uncertainEffects: row.uncertainEffects,
  awaitsMember: row.awaitsMember,
  input: row.inputLeftOut ? leftOut(row.inputLeftOut) : row.input,
  output: row.outputLeftOut ? leftOut(row.outputLeftOut) : row.output,
  error: row.error,
  supersededBy: row.supersededBy,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
  forkedFrom:
    row.parentId !== null && row.forkedPath !== null
      ? { runId: row.parentId, path: row.forkedPath, edit: row.forkedEdit }
      : null,
  replayOf: row.forkedPath === null ? row.parentId : null,
  effects: row.rehearsal ? 'rehearse' : 'perform',
  heldUp: presentHeldUp(row),
  prunedAt: row.prunedAt?.toISOString() ?? null,
  pinned: row.pinned,
});

/** Of a run that is new and repeats no other: what may keep it from beginning is not looked at yet. */
export const FIRST_OF_ITS_LINE = {
  heldUp: null,
  notBefore: null,
  behind: null,
  ahead: null,
  parentId: null,
  forkedPath: null,
  forkedEdit: null,
  rehearsal: false,
  prunedAt: null,
  pinned: [],
} as const;

export interface StepBriefRow {
  readonly nodeId: string;
  readonly path: string;
  readonly status: StepStatus;
  readonly attempt: number;
  readonly port: string | null;
  /** UTF-8 JSON, sealed, as the engine's journal writes it. */
  readonly error: Buffer | null;
  readonly startedAt: Date | null;
  readonly durationMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** A bigint, which pg gives as text. */
  readonly costMicros: string;
  readonly model: string | null;
  readonly recalled: boolean;
  readonly compensates: string | null;
}

export interface StepRow extends StepBriefRow, StoredStep {
  /** The whole output, where it was asked for and the payload has only its beginning. */
  readonly whole?: Buffer | null;
  /** How big it is as it is stored, where there was no room left for it. */
  readonly leftOut?: number | null;
}

export function presentStep(vault: Vault, packs: Packs, row: StepRow): StepView {
  if (row.leftOut) return { ...presentBrief(vault, row), input: null, output: leftOut(row.leftOut) };
  const { input, output } = openStep(vault, packs, row);
  return {
    ...presentBrief(vault, row),
    input: parse(input),
    output: parse(row.whole ? openBytes(vault, row.whole) : output),
  };
}

export const presentBrief = (vault: Vault, row: StepBriefRow): StepBrief => ({
  nodeId: row.nodeId,
  path: row.path,
  status: row.status,
  attempt: row.attempt,
  port: row.port,
  error: parse(row.error && openBytes(vault, row.error)) as StepError | null,
  startedAt: row.startedAt?.toISOString() ?? null,
  durationMs: row.durationMs,
  tokens: { input: row.inputTokens, output: row.outputTokens },
  cost: { micros: Number(row.costMicros), currency: 'USD' },
  model: row.model,
  recalled: row.recalled,
  compensates: row.compensates,
});

export const parse = (bytes: Buffer | null): Json => (bytes ? (JSON.parse(bytes.toString('utf8')) as Json) : null);

export interface WaitRow {
  readonly path: string;
  readonly kind: 'contact' | 'member' | 'time' | 'event';
  readonly question: Json;
  readonly wakeAt: Date | null;
}

export const presentWait = (vault: Vault, row: WaitRow): WaitView => ({
  ...row,
  question: vault.openJson(row.question) as Json,
  wakeAt: row.wakeAt?.toISOString() ?? null,
});

export interface PauseRow extends WaitRow {
  readonly answer: Json;
  readonly openedAt: Date;
  readonly answeredAt: Date | null;
  readonly answeredBy: string | null;
}

export const presentPause = (vault: Vault, row: PauseRow): PauseView => ({
  ...row,
  question: vault.openJson(row.question) as Json,
  answer: vault.openJson(row.answer) as Json,
  wakeAt: row.wakeAt?.toISOString() ?? null,
  openedAt: row.openedAt.toISOString(),
  answeredAt: row.answeredAt?.toISOString() ?? null,
});
