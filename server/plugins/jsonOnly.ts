import type { FastifyInstance } from 'fastify';
import { storableJson } from '#db/text.js';
import { isTooDeep } from '../depth.js';
import { ApiError } from '../errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This field of the body reaches the route as it was sent: the route refuses what cannot be stored instead of mending it. */
    asSent?: string;
  }
}

/** RFC 9110 allows any case and spaces around the semicolon; JSON is always UTF-8 (RFC 8259). Nothing else gets near a parser. */
const json = /^application\/json *(; *charset="?utf-8"? *)?$/i;

/**
 * Bodies are JSON or refused with 415. `__proto__` and `constructor.prototype` keys and endless nesting are refused with 400, and what
 * PostgreSQL cannot store is taken out of texts here, once.
 */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    // Clients that always name the type send it with nothing, too.
    if (bytes.length === 0) return done(null, undefined);
    const body = textOf(bytes);
    if (body === null) return done(new ApiError('bad_json'));
    return parse(request, body, (error, value: unknown) => {
      if (error) return done(error);
      if (isTooDeep(value)) return done(new ApiError('bad_json'));
      return done(null, storable(value, request.routeOptions.config.asSent));
    });
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    if (!hasBody(request.headers)) return done();
    if (type !== undefined && !json.test(type)) return done(new ApiError('unsupported_media_type'));
    // Nothing here unpacks: what says it is packed is not what a parser would take it for.
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    done(encoding.toLowerCase() !== 'identity' ? new ApiError('unsupported_media_type') : undefined);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `null` for bytes that are no UTF-8: replaced by question marks they would be another text than was sent. */
function textOf(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function storable(body: unknown, asSent: string | undefined): unknown {
  if (asSent === undefined || typeof body !== 'object' || body === null || !Object.hasOwn(body, asSent))
    return storableJson(body);
  const { [asSent]: kept, ...rest } = body as Record<string, unknown>;
  return { ...storableJson(rest), [asSent]: kept };
}

const hasBody = (headers: { readonly 'content-length'?: string; readonly 'transfer-encoding'?: string }): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
