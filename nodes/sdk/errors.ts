import { sayDetail, type Detail } from './details.js';

/** Who must act on a failure: the department's author, the outside provider, this platform, or whoever called. */
export type Actor = 'author' | 'provider' | 'platform' | 'caller';

export interface NodeErrorOptions {
  /** A stable name for the kind of failure, in snake_case. */
  readonly code: string;
  readonly actor: Actor;
  /** Whether the same call may succeed later. Only retryable failures are retried. */
  readonly retryable: boolean;
  /** How long the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
  /** What is recorded beside the message, to be told in a reader's language. */
  readonly detail?: Detail | undefined;
}

/** A failure that a node understands. Anything else that a node throws is a fault of the platform and is not retried. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: string;
  readonly actor: Actor;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly detail: Detail | undefined;

  /** @param said what happened: a sentence of `details.ts` with its values, or words of somebody else beside which one stands in the options */
  constructor(said: string | Detail, options: NodeErrorOptions) {
    super(typeof said === 'string' ? said : (sayDetail(said, 'en') ?? said.code), { cause: options.cause });
    this.code = options.code;
    this.actor = options.actor;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.detail = typeof said === 'string' ? options.detail : said;
  }
}

/**
 * Thrown inside `ctx.effect` when it is certain that nothing happened outside (connection refused, a 4xx before acceptance):
 * the intent is taken back, so that a retry may try again.
 */
export class EffectDidNotHappen extends NodeError {}
