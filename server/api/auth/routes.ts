import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../../appType.js';
import { originOf, personOf } from '../../plugins/authenticate.js';
import { limitFailures } from '../../plugins/attempts.js';
import { perMinute } from '../../plugins/rateLimit.js';
import { switchBody, ticketView } from '../account/schemas.js';
import { errorBody, noBody } from '../common.js';
import { bodyErrors, itemBodyErrors, publicErrors } from '../errorResponses.js';
import { challengeView } from '../factors/schemas.js';
import { isKnownAddress } from './knownAddress.js';
import { createSample, type SampleDeps } from './sample.js';
import { loginBody, refreshBody, registerBody, sampleBody, session, type LoginBody } from './schemas.js';
import type { Tickets } from './tickets.js';
import { login, logout, refresh, register, switchOrganization } from './service.js';

const tags = ['auth'];
const publicBodyErrors = { ...publicErrors, 413: errorBody, 415: errorBody } as const;

export async function authRoutes(app: App, deps: SampleDeps & { readonly tickets: Tickets }): Promise<void> {
  const emailOf = (request: FastifyRequest): string => (request.body as LoginBody).email;
  const failures = limitFailures(app, {
    name: 'login',
    accountOf: emailOf,
    isKnown: (request) => isKnownAddress(deps, emailOf(request), request.ip),
  });

  app.post(
    '/auth/register',
    {
      config: { access: { public: 'an account begins here' }, rateLimit: perMinute(120) },
      schema: {
        tags,
        summary: 'Create an account and its organization',
        body: registerBody,
        response: { 201: session, ...publicBodyErrors, 409: errorBody },
      },
    },
    async (request, reply) => reply.code(201).send(await register(deps, request.body, originOf(request))),
  );

  app.post(
    '/auth/login',
    {
      config: { access: { public: 'a session begins here' }, rateLimit: perMinute(60, 'always') },
      schema: {
        tags,
        summary: 'Sign in',
        description: 'Somebody with a second factor gets a `challenge` instead of a session.',
        body: loginBody,
        response: { 200: z.union([session, challengeView]), ...publicBodyErrors, 401: errorBody },
      },
    },
    (request) => failures.guard(request, () => login(deps, request.body, originOf(request))),
  );

  app.post(
    '/auth/refresh',
    {
      config: { access: { public: 'the refresh token is the credential' }, rateLimit: perMinute(600) },
      schema: {
        tags,
        summary: 'Change a refresh token for a new pair',
        description: 'A refresh token is good once. A second use ends the whole session, on every device it reached.',
        body: refreshBody,
        response: { 200: session, ...publicBodyErrors, 401: errorBody },
      },
    },
    (request) => refresh(deps, request.body.refreshToken, originOf(request)),
  );

  app.post(
    '/auth/logout',
    {
      config: { access: { public: 'the refresh token is the credential' }, rateLimit: perMinute(600) },
      schema: {
        tags,
        summary: 'End a session',
        body: refreshBody,
        response: { 204: z.null().meta({ description: 'Ended' }), ...publicBodyErrors },
      },
    },
    async (request, reply) => {
      await logout(deps, request.body.refreshToken, originOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/auth/sample',
    {
      config: { access: { public: 'one may look around before signing up' }, rateLimit: perMinute(60) },
      schema: {
        tags,
        summary: 'A sample bakery to try things in',
        body: sampleBody,
        response: { 201: session, ...publicBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createSample(deps, request.body?.locale ?? 'pt-BR', originOf(request))),
  );

  app.post(
    '/auth/switch',
    {
      config: { access: { person: 'whoever is signed in may go where they belong' } },
      schema: {
        tags,
        summary: 'Go on in another organization',
        description: 'The same sign-in, with new tokens. The refresh token of before is spent.',
        body: switchBody,
        response: { 200: session, ...itemBodyErrors },
      },
    },
    (request) => switchOrganization(deps, personOf(request), request.body.organizationId),
  );

  app.post(
    '/realtime/ticket',
    {
      config: { access: { person: 'opens the live events of whoever is signed in' } },
      schema: {
        tags,
        summary: 'A ticket for a WebSocket',
        description:
          'Good once and for a minute, as `?token=`: an address ends up in logs, an access token should not.',
        body: noBody,
        response: { 201: ticketView, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await deps.tickets.issue(personOf(request))),
  );
}
