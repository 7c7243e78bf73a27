import type { Problem } from '#engine/graph/definition.js';
import { errorKinds, type ErrorCode } from './errorKinds.js';

export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

export interface ApiErrorOptions {
  readonly details?: readonly ErrorDetail[];
  /** The one field that it is about, when the sentence of the code says all: it becomes its detail. */
  readonly field?: string;
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Thrown anywhere below a route; the error handler turns it into the one error shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly field: string | undefined;
  readonly problems: readonly Problem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(errorKinds[code].message.en, { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.field = options.field;
    this.problems = options.problems;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What exists but belongs to somebody else is not found either. */
export const notFound = (): ApiError => new ApiError('not_found');

/** The value, or a 404 when there is none. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw notFound();
  return value;
}
