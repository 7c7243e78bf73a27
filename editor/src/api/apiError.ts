/** One fault in what was sent: the path of the field and a sentence. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

/** An answer that is not a success, or no answer at all (`status` 0, code `offline`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly FieldFault[] = [],
    /** From `Retry-After`, when the server says when to come back. */
    readonly retryAfterSeconds: number | null = null,
    readonly requestId: string | null = null,
    /** What keeps a department from being published, in sentences. */
    readonly problems: readonly string[] = [],
  ) {
    super(message);
  }

  /** The fault of one field of a form, by its name in the body. */
  faultOf(field: string): FieldFault | undefined {
    return this.details.find(({ path }) => path.replace(/^\/?(body[./])?/, '').replaceAll('/', '.') === field);
  }
}

/** Reads `{ error: { code, message, details?, requestId } }`; anything else becomes an error of its status. */
export async function readError(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after'));
  const seconds = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null;
  const body: unknown = await response.json().catch(() => null);
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  return new ApiError(
    response.status,
    typeof error['code'] === 'string' ? error['code'] : `http_${response.status}`,
    typeof error['message'] === 'string' ? error['message'] : response.statusText,
    readFaults(error['details']),
    seconds,
    typeof error['requestId'] === 'string' ? error['requestId'] : null,
    isRecord(body) ? readFaults(body['problems']).map(({ message }) => message) : [],
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function readFaults(value: unknown): FieldFault[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .map((fault) => ({ path: String(fault['path'] ?? ''), message: String(fault['message'] ?? '') }));
}
