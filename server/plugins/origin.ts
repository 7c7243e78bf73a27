import type {} from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.js';

/**
 * A WebSocket may be opened from our own pages and by programs that are not browsers (they send no Origin).
 * Everything else a browser protects by itself: we send no CORS headers and set no cookies.
 */
export function checkOrigin(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', async (request) => {
    if (request.ws && !isOurs(request, publicUrl)) throw new ApiError('bad_origin');
  });
}

function isOurs(request: FastifyRequest, publicUrl: string | null): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  if (publicUrl && origin === new URL(publicUrl).origin) return true;
  return new URL(origin).host === request.headers.host;
}
