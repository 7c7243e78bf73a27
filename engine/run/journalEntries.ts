import type { EffectState } from '#engine/graph/statuses.js';

/** What runs write down, in the clear. One union, one batcher: the step records, checkpoint and status of a run commit in the order they were given. */
export type Entry =
  StepEntry | CheckpointEntry | WritesEntry | WaitEntry | FailingEntry | IntentEntry | OutcomeEntry | RunEntry;

export interface StepEntry {
  readonly kind: 'step';
  readonly run: string;
  readonly organization: string;
  readonly path: string;
  readonly attempt: number;
  readonly nodeId: string;
  readonly status: string;
  readonly port: string | null;
  /** JSON. */
  readonly input: string | null;
  readonly output: string | null;
  readonly error: Uint8Array | null;
  /** The whole value, when `output` was cut. */
  readonly whole: Uint8Array | null;
  /** Path of the step that this one undoes. */
  readonly compensates: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  readonly model: string | null;
}

export interface CheckpointEntry {
  readonly kind: 'checkpoint';
  readonly run: string;
  readonly organization: string;
  readonly ns: string;
  readonly id: string;
  readonly parent: string | null;
  /** Stands by itself: no older checkpoint is needed to read it. */
  readonly keyframe: boolean;
  readonly data: Uint8Array;
}

export interface WritesEntry {
  readonly kind: 'writes';
  readonly run: string;
  readonly organization: string;
  readonly ns: string;
  readonly checkpoint: string;
  readonly task: string;
  readonly path: string;
  readonly data: Uint8Array;
}

export interface WaitEntry {
  readonly kind: 'wait';
  readonly run: string;
  readonly organization: string;
  readonly id: string;
  readonly path: string;
  readonly of: 'contact' | 'member' | 'time' | 'event';
  /** What an event must be named for it to answer. */
  readonly event: string | null;
  readonly conversation: string | null;
  /** UTF-8 JSON that `jsonb` takes; `null` for a wait that asks nobody. */
  readonly question: Uint8Array | null;
  /** Milliseconds since 1970. */
  readonly wakeAt: number | null;
}

/** The run will fail with this, once what it had finished is undone: whoever takes it up next goes on with that. */
export interface FailingEntry {
  readonly kind: 'failing';
  readonly run: string;
  readonly organization: string;
  /** UTF-8 JSON that `jsonb` takes. */
  readonly error: Uint8Array;
}

/** Something is about to be done outside: on record with what led to it, before it happens. */
export interface IntentEntry {
  readonly kind: 'intent';
  readonly run: string;
  readonly organization: string;
  /** `<path>:<key of the node>`. */
  readonly key: string;
}

/** What the ledger knew of an effect, and what it knows with this intent. */
export interface Intended {
  /** The intent was recorded just now, by this entry. */
  readonly mine: boolean;
  /** The run may still act: no other was started in its place. Its row is held while the intent is recorded, so that this stays true. */
  readonly own: boolean;
  readonly state: EffectState;
  /** Which try this is, or the one on record was: 1 the first. */
  readonly attempt: number;
  /** As it is sealed. */
  readonly result: Buffer | null;
}

/** A message that its channel has taken, or has refused. */
export interface SentMessage {
  readonly id: string;
  /** The channel's own. */
  readonly externalId: string | null;
  /** Why it was not taken. */
  readonly error?: string;
}

/** What became of an effect. */
export interface OutcomeEntry {
  readonly kind: 'outcome';
  readonly run: string;
  readonly organization: string;
  readonly key: string;
  readonly state: 'done' | 'uncertain' | 'not_done';
  /** The try that this is known of. */
  readonly attempt: number;
  /** JSON, of one that is done. */
  readonly result: Uint8Array | null;
  /** Who knew. */
  readonly by: 'worker' | 'provider';
  /** The row of the message that it sent says so too. */
  readonly message: SentMessage | null;
}

export interface RunEntry {
  readonly kind: 'run';
  readonly run: string;
  readonly organization: string;
  readonly status: string;
  /** UTF-8 JSON that `jsonb` takes. */
  readonly output: Uint8Array | null;
  readonly error: Uint8Array | null;
  /** Of a run that goes back to the queue: milliseconds since 1970 before which it is not taken up. */
  readonly notBefore?: number | null;
}

/** Where what a step was given and what came of it stands, that was written down with others. The first of a pack brings it along. */
export interface PackPlace {
  readonly id: number;
  readonly place: number;
  readonly data: Uint8Array | null;
}

/** A step as its row has it: what it was given and what came of it are one value, of its own or in a pack. What is sealed stands beside the entry, not in a copy of it: there is one for every step. */
export interface SealedStep {
  readonly kind: 'step';
  readonly run: string;
  readonly organization: string;
  /** Its legible part. */
  readonly entry: Omit<StepEntry, 'input' | 'output' | 'error' | 'whole'>;
  readonly payload: Uint8Array | null;
  readonly pack: PackPlace | null;
  readonly error: Uint8Array | null;
  readonly whole: Uint8Array | null;
}

/** What a flush carries. */
export type SealedEntry = SealedStep | Exclude<Entry, StepEntry>;
