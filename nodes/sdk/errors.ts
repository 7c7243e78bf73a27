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
}

/** A failure that a node understands. Anything else that a node throws is a fault of the platform and is not retried. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: string;
  readonly actor: Actor;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: NodeErrorOptions) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.actor = options.actor;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Thrown inside `ctx.effect` when it is certain that nothing happened outside (connection refused, a 4xx before acceptance):
 * the intent is taken back, so that a retry may try again.
 */
export class EffectDidNotHappen extends NodeError {}
