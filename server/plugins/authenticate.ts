import type {} from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessClaims, AccessTokens } from '../api/auth/accessTokens.js';
import type { Memberships } from '../api/auth/memberships.js';
import type { Origin } from '../api/auth/sessions.js';
import type { Tickets } from '../api/auth/tickets.js';
import { KEY_START, type ApiKeys } from '../api/apiKeys/verify.js';
import { ApiError } from '../errors.js';
import { may, withinDepartments, type Permission } from '../permissions.js';
import type { Role } from '../roles.js';

/** Who calls: a person by a session, or a program by an API key. */
export interface Session {
  readonly organizationId: string;
  /** The person; of an API key, whoever made it. */
  readonly userId: string;
  /** Now, on record; not what the token says. */
  readonly role: Role;
  /** The departments that the caller sees; `null`: all of them. */
  readonly departments: readonly string[] | null;
  /** The sign-in; `null` for an API key. */
  readonly sessionId: string | null;
  /** `null` for a person. */
  readonly apiKey: { readonly id: string; readonly permissions: ReadonlySet<Permission> } | null;
  readonly expiresAt: Date;
  /** The person's name, or the key's. */
  readonly name: string;
  readonly origin: Origin;
}

/** A session of a person. */
export type PersonSession = Session & { readonly sessionId: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, on every route that is not public. */
    session: Session | null;
  }
}

export interface AuthenticateDeps {
  readonly tokens: AccessTokens;
  readonly memberships: Memberships;
  readonly tickets: Tickets;
  readonly apiKeys: ApiKeys;
}

/** Whether the caller may: by role, by the scopes of an API key, and, limited to some departments, nothing that concerns the whole organization. */
export const isAllowed = ({ role, apiKey, departments }: Session, permission: Permission): boolean =>
  may(role, permission) &&
  (apiKey === null || apiKey.permissions.has(permission)) &&
  (departments === null || withinDepartments(permission));

/**
 * Every route but the public ones needs good credentials and a role that may.
 * In `preValidation`: the limits on requests have counted by then, and nobody learns from a validation error what lies behind the door.
 */
export function authenticate(app: FastifyInstance, deps: AuthenticateDeps): void {
  app.decorateRequest('session', null);
  app.addHook('preValidation', async (request) => {
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access && 'public' in access) return;
    const session = await identify(request, deps);
    if (!access || !session) throw new ApiError('unauthenticated');
    if ('person' in access) {
      if (session.sessionId === null) throw new ApiError('person_required');
    } else if (!isAllowed(session, access.permission)) {
      throw new ApiError('forbidden');
    }
    request.session = session;
  });
}

async function identify(request: FastifyRequest, deps: AuthenticateDeps): Promise<Session | null> {
  const { authorization } = request.headers;
  if (isSaidTwice(request.raw.rawHeaders)) return null;
  const bearer = /^Bearer ([\w.-]{1,4096})$/i.exec(authorization ?? '')?.[1];
  const origin = originOf(request);
  if (bearer?.startsWith(KEY_START)) return { ...(await deps.apiKeys.verify(bearer)), origin };
  if (bearer) return asPerson(await deps.tokens.verify(bearer), origin, deps);
  // Browsers cannot set a header on a WebSocket: only there may a token stand in the address.
  const { token } = request.query as { token?: unknown };
  if (authorization !== undefined || !request.ws || typeof token !== 'string' || token.length > 4096) return null;
  return asPerson((await deps.tickets.take(token)) ?? (await deps.tokens.verify(token)), origin, deps);
}

/** Two callers in one request: a proxy may look at the one while we look at the other. Node keeps the first and drops the rest. */
const isSaidTwice = (rawHeaders: readonly string[]): boolean =>
  rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization').length > 1;

async function asPerson(claims: AccessClaims, origin: Origin, { memberships }: AuthenticateDeps): Promise<Session> {
  const member = await memberships.memberOf(claims);
  if (!member) throw new ApiError('session_ended');
  return { ...claims, ...member, apiKey: null, origin };
}

/** Where a request comes from. */
export const originOf = (request: FastifyRequest): Origin => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
  requestId: request.id,
});

/** The caller. For handlers of routes that are not public. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new ApiError('unauthenticated');
  return request.session;
}

/** The person who calls. For handlers of routes for people alone. */
export function personOf(request: FastifyRequest): PersonSession {
  const session = sessionOf(request);
  if (session.sessionId === null) throw new ApiError('person_required');
  return { ...session, sessionId: session.sessionId };
}
