import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { isOrphaned } from '#db/errors.js';
import type { Locale } from '#nodes/sdk/text.js';
import { errorKinds, type ErrorCode } from '../errorKinds.js';
import { ApiError } from '../errors.js';
import { methodsOf } from './routeList.js';
import { isUnavailable } from './unavailable.js';
import { detailsOf, InputRefused } from './validation.js';

/** What Fastify refuses before a handler sees it. */
const fromFastify: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};
const fromStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  // Of the files that are served: nobody's role has to do with it.
  403: 'not_found',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};
/** Stores that went away are usually back within seconds. */
const RETRY_AFTER_SECONDS = 2;

/** Every error leaves in one shape, in the caller's language, without a stack. What is our fault is logged with its cause. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const said = asApiError(error, localeOf(request));
    const { status } = errorKinds[said.code];
    if (status >= 500) request.log.error({ err: error, code: said.code }, 'request failed');
    sendError(request, reply, said);
  });
  app.setNotFoundHandler((request, reply) => sendNotFound(request, reply));
}

/** What no route is found for at all: an address that cannot be decoded is refused, one that cannot be ours is not there. */
export function sendFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  sendError(request, reply, new ApiError(error.code === 'FST_ERR_BAD_URL' ? 'bad_request' : 'not_found'));
}

/** What Node says of bytes that are no request, and how that is answered. */
const unreadable: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Bytes that are no HTTP: there is no request yet to answer, only a connection. Answered in the same shape all the same, and closed. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // Nobody is there to hear it.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const message = errorKinds.bad_request.message.en;
  const body = JSON.stringify({ error: { code: 'bad_request', message, requestId: uuidv7() } });
  const head = [
    `HTTP/1.1 ${unreadable[error.code ?? ''] ?? '400 Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** 405 with the methods that the address does take, or 404. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const methods = methodsOf(request.server, request.url.split('?')[0] ?? '');
  if (methods.length === 0 || methods.includes(request.method))
    return sendError(request, reply, new ApiError('not_found'));
  reply.header('allow', methods.join(', '));
  sendError(request, reply, new ApiError('method_not_allowed'));
}

function sendError(request: FastifyRequest, reply: FastifyReply, error: ApiError): void {
  const kind = errorKinds[error.code];
  const message = kind.message[localeOf(request)];
  const details = error.field === undefined ? error.details : [{ path: error.field, message }];
  const retryAfter = error.retryAfterSeconds ?? (kind.status === 503 ? RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
  // Said here too: what the framework refuses before any route is found passes no hook.
  reply.header('cache-control', 'no-store');
  // Whatever serializer the route declared is for its answers: an error is written as it is.
  reply
    .code(kind.status)
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      error: {
        code: error.code,
        message,
        ...(details && { details }),
        requestId: request.id,
      },
      ...(error.problems && { problems: error.problems }),
    });
}

function asApiError(error: FastifyError, locale: Locale): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InputRefused) {
    // An id that cannot exist is as absent as one that does not.
    if (error.validationContext === 'params') return new ApiError('not_found');
    return new ApiError('bad_input', { details: detailsOf(error, locale) });
  }
  const known = fromFastify[error.code];
  if (known) return new ApiError(known);
  // Whoever asks belonged to what somebody took away while this was under way.
  if (isOrphaned(error)) return new ApiError('session_ended', { cause: error });
  if (isUnavailable(error)) return new ApiError('unavailable', { cause: error });
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return new ApiError(fromStatus[status] ?? 'bad_request', { cause: error });
  return new ApiError('internal', { cause: error });
}

/** The first language of ours that the caller names; English for programs that name none. */
export function localeOf(request: FastifyRequest): Locale {
  const accepted = request.headers['accept-language'] ?? '';
  const first = accepted
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((tag) => tag === 'pt' || tag === 'en');
  return first === 'pt' ? 'pt-BR' : 'en';
}
