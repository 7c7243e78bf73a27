/**
 * SQLSTATEs and socket errors that say "not now": the database is away, full, starting, or another's replica. Waiting helps; the caller is not at
 * fault. Not 08P01, a protocol violation: PostgreSQL says it to a statement with the wrong number of parameters.
 */
const sqlStates = /^(?:08(?!P01)...|53...|57P0[1-5]|25P03|25006)$/;
const anySqlState = /^[0-9A-Z]{5}$/;
const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What pg, its pool and Knex's pool say without a code; Knex puts the statement before it. */
const messages =
  /(?:^| - )(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|timeout expired|Knex: Timeout acquiring a connection|Unable to acquire a connection|Client was closed and is not queryable|Client network socket disconnected)/;

/** Whether an error means that PostgreSQL cannot be reached or cannot take work now, so that the same call may succeed later. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
    if (cause instanceof AggregateError && cause.errors.some(isUnavailable)) return true;
    const { code, nativeError } = cause as { code?: unknown; nativeError?: unknown };
    if (typeof code === 'string' && (sqlStates.test(code) || socketErrors.has(code))) return true;
    if (typeof code === 'string' && anySqlState.test(code)) return false;
    if (messages.test(cause.message) || cause.name === 'KnexTimeoutError') return true;
    cause = nativeError ?? cause.cause;
  }
  return false;
}

/** Whether the server takes no writes: another has its place now, and what is connected to it must connect anew. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '25006';
}

/** Whether an error is the refusal of a unique index, optionally of this one. */
export function isDuplicate(error: unknown, constraint?: string): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; depth++) {
    const {
      code,
      constraint: name,
      nativeError,
    } = cause as { code?: unknown; constraint?: unknown; nativeError?: unknown };
    if (code === '23505') return constraint === undefined || name === constraint;
    cause = nativeError ?? cause.cause;
  }
  return false;
}

/** PostgreSQL's classes 22 (data exception), 23 (integrity) and 54 (program limit): the rows are at fault, not the connection. */
export function isRefusedData(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|54)...$/.test(code);
}

/** Whether PostgreSQL ended the transaction because it and others waited for each other. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01';
}

/** A write that was under way while its whole organization was deleted. */
export class OrganizationGone extends Error {
  override readonly name = 'OrganizationGone';
  constructor(options: { cause: unknown }) {
    super('the organization was deleted meanwhile', options);
  }
}

/** Whether a row was refused because the organization or the person that it belongs to went away meanwhile. */
export function isOrphaned(error: unknown): boolean {
  if (error instanceof OrganizationGone) return true;
  if (!(error instanceof Error)) return false;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === '23503' && /_(organization_id|user_id|created_by)_fkey$/.test(String(constraint));
}
