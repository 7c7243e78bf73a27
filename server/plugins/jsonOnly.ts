import type { FastifyInstance } from 'fastify';
import { storableJson } from '#db/text.js';
import { ApiError } from '../errors.js';

/** RFC 9110 allows any case and spaces around the semicolon; JSON is always UTF-8 (RFC 8259). Nothing else gets near a parser. */
const json = /^application\/json *(; *charset="?utf-8"? *)?$/i;

/**
 * Bodies are JSON or refused with 415. `__proto__` and `constructor.prototype` keys are refused with 400, and what PostgreSQL cannot
 * store is taken out of texts here, once.
 */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Clients that always name the type send it with nothing, too.
    if (body.length === 0) return done(null, undefined);
    return parse(request, body, (error, value: unknown) => done(error, error ? undefined : storableJson(value)));
  });
  app.addHook('onRequest', async (request) => {
    const type = request.headers['content-type'];
    if (type !== undefined && hasBody(request.headers) && !json.test(type)) {
      throw new ApiError('unsupported_media_type');
    }
  });
}

const hasBody = (headers: { readonly 'content-length'?: string; readonly 'transfer-encoding'?: string }): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
