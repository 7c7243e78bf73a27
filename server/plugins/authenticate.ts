import type {} from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessClaims, AccessTokens } from '../api/auth/accessTokens.js';
import type { Memberships } from '../api/auth/memberships.js';
import { ApiError } from '../errors.js';
import { may } from '../permissions.js';
import type { Role } from '../roles.js';

export interface Session extends AccessClaims {
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, on every route that is not public. */
    session: Session | null;
  }
}

/**
 * Every route but the public ones needs a good token and a role that may.
 * In `preValidation`: the limits on requests have counted by then, and nobody learns from a validation error what lies behind the door.
 */
export function authenticate(
  app: FastifyInstance,
  { tokens, memberships }: { tokens: AccessTokens; memberships: Memberships },
): void {
  app.decorateRequest('session', null);
  app.addHook('preValidation', async (request) => {
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access && 'public' in access) return;
    const token = tokenOf(request);
    if (!access || !token) throw new ApiError('unauthenticated');
    const claims = await tokens.verify(token);
    const role = await memberships.roleOf(claims);
    if (!role) throw new ApiError('session_ended');
    if (!may(role, access.permission)) throw new ApiError('forbidden');
    request.session = { ...claims, role };
  });
}

/** The caller's session. For handlers of routes that are not public. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new ApiError('unauthenticated');
  return request.session;
}

/** Browsers cannot set a header on a WebSocket: only there may the token stand in the address. */
function tokenOf(request: FastifyRequest): string | null {
  const bearer = /^Bearer ([\w.-]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const { token } = request.query as { token?: unknown };
  return request.ws && typeof token === 'string' && token.length <= 4096 ? token : null;
}
