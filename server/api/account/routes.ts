import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { limitAttempts, limitFailures } from '../../plugins/attempts.js';
import { personOf } from '../../plugins/authenticate.js';
import { session } from '../auth/schemas.js';
import { idParams, listQuery, noBody } from '../common.js';
import { bodyErrors, errors, itemErrors } from '../errorResponses.js';
import { accountPatch, accountView, confirmBody, emailBody, passwordBody, sessionsPage } from './schemas.js';
import { changeEmail, resendVerification } from './email.js';
import { changePassword } from './password.js';
import { deleteAccount, patchAccount, readAccount } from './service.js';
import { listSessions, revokeOthers, revokeSession } from './sessionsService.js';

const tags = ['account'];
const config = { access: { person: "a person's own account" } } as const;
const done = z.null().meta({ description: 'Done' });

export async function accountRoutes(app: App, deps: AppDeps): Promise<void> {
  // One name for whatever asks for the password of a session: guesses add up.
  const passwords = limitFailures(app, { name: 'password', accountOf: (request) => personOf(request).userId });
  // Each is a mail to an address that may be anybody's.
  const verifications = limitAttempts(app, { name: 'verification', max: 5 });

  app.get(
    '/account',
    { config, schema: { tags, summary: 'Who I am, and where I work', response: { 200: accountView, ...errors } } },
    (request) => readAccount(deps, personOf(request)),
  );
  app.patch(
    '/account',
    {
      config,
      schema: {
        tags,
        summary: 'Change my name or language',
        body: accountPatch,
        response: { 200: accountView, ...bodyErrors },
      },
    },
    (request) => patchAccount(deps, personOf(request), request.body),
  );
  app.post(
    '/account/email',
    {
      config,
      schema: {
        tags,
        summary: 'Sign in with another e-mail',
        description: 'It changes once the link in the mail to the new address has been followed.',
        body: emailBody,
        response: { 202: z.object({}), ...bodyErrors },
      },
    },
    async (request, reply) => {
      await verifications.take(personOf(request).userId);
      await passwords.guard(request, () => changeEmail(deps, personOf(request), request.body));
      return reply.code(202).send({});
    },
  );
  app.post(
    '/account/verify-email',
    {
      config,
      schema: {
        tags,
        summary: 'Send the mail that confirms my address again',
        body: noBody,
        response: { 202: z.object({}), ...bodyErrors },
      },
    },
    async (request, reply) => {
      await verifications.take(personOf(request).userId);
      await resendVerification(deps, personOf(request));
      return reply.code(202).send({});
    },
  );
  app.post(
    '/account/password',
    {
      config,
      schema: {
        tags,
        summary: 'Change my password',
        description: 'Every other session ends; this one gets new tokens.',
        body: passwordBody,
        response: { 200: session, ...bodyErrors },
      },
    },
    (request) => passwords.guard(request, () => changePassword(deps, personOf(request), request.body)),
  );
  app.delete(
    '/account',
    {
      config,
      schema: {
        tags,
        summary: 'Delete my account',
        description: 'Organizations that nobody else belongs to go with it.',
        body: confirmBody,
        response: { 204: done, ...bodyErrors },
      },
    },
    async (request, reply) => {
      await passwords.guard(request, () => deleteAccount(deps, personOf(request), request.body.password));
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/auth/sessions',
    {
      config,
      schema: {
        tags,
        summary: 'Where I am signed in, newest first',
        querystring: listQuery,
        response: { 200: sessionsPage, ...errors },
      },
    },
    (request) => listSessions(deps, personOf(request), request.query),
  );
  app.delete(
    '/auth/sessions/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Sign out there',
        params: idParams,
        response: { 204: done, ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await revokeSession(deps, personOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/auth/sessions',
    {
      config,
      schema: { tags, summary: 'Sign out everywhere else', response: { 204: done, ...errors, 409: bodyErrors[409] } },
    },
    async (request, reply) => {
      await revokeOthers(deps, personOf(request));
      return reply.code(204).send(null);
    },
  );
}
