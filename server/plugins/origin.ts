import type {} from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.js';

/**
 * Writes and WebSockets are taken from our own pages and from programs that are not browsers (they send no Origin). A page of
 * somebody else's could do nothing anyway: there is no cookie to ride on, JSON needs a preflight, and no CORS header answers one. This
 * stands in front of that, so that it holds when one of those is changed.
 */
export function checkOrigin(app: FastifyInstance, publicUrl: string | null): void {
  const ours = publicUrl && new URL(publicUrl).origin;
  app.addHook('onRequest', (request, _reply, done) => {
    const isForeign = (request.ws || !isSafe(request.method)) && !isOurs(request, ours);
    done(isForeign ? new ApiError('bad_origin') : undefined);
  });
}

/** Methods that change nothing (RFC 9110, 9.2.1). */
const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * `Sec-Fetch-Site` is written by the browser itself and no page can set it, so it decides where it is sent: behind a proxy that
 * changes the Host our own pages are still of the same origin. Older browsers send Origin alone, and `null` from a sandbox.
 */
function isOurs({ headers }: FastifyRequest, ours: string | null): boolean {
  const { origin } = headers;
  if (origin !== undefined && origin === ours) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}
