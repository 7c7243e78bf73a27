import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { originOf } from '../../plugins/authenticate.js';
import { limitAttempts, welcome } from '../../plugins/attempts.js';
import { perMinute } from '../../plugins/rateLimit.js';
import { errorBody } from '../common.js';
import { publicErrors } from '../errorResponses.js';
import { forgotPassword, resetPassword, verifyEmail } from './recovery.js';
import { forgotBody, resetBody, tokenBody } from './schemas.js';

const tags = ['auth'];
const bodyErrors = { ...publicErrors, 413: errorBody, 415: errorBody } as const;
const done = z.null().meta({ description: 'Done' });

export async function recoveryRoutes(app: App, deps: AppDeps): Promise<void> {
  const asked = limitAttempts(app, { name: 'forgot', max: 10 });

  app.post(
    '/auth/verify-email',
    {
      config: { access: { public: 'the token of the mail is the credential' }, rateLimit: perMinute(60) },
      schema: {
        tags,
        summary: 'Confirm an e-mail address',
        body: tokenBody,
        response: { 204: done, ...bodyErrors, 409: errorBody },
      },
    },
    async (request, reply) => {
      await verifyEmail(deps, request.body.token, originOf(request));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/auth/password/forgot',
    {
      config: { access: { public: 'whoever forgot cannot sign in' }, rateLimit: perMinute(30, 'always') },
      schema: {
        tags,
        summary: 'Ask for a way to a new password',
        description: 'The same answer, in the same time, whether or not there is such an account.',
        body: forgotBody,
        response: { 202: z.object({}), ...bodyErrors },
      },
    },
    async (request, reply) => {
      const { email } = request.body;
      await asked.take(email.toLowerCase());
      // Begun after the answer has left: its time tells nothing.
      reply.raw.once('finish', () => {
        forgotPassword(deps, email).catch((error: unknown) => request.log.warn({ err: error }, 'no mail was written'));
      });
      return reply.code(202).send({});
    },
  );
  app.post(
    '/auth/password/reset',
    {
      config: { access: { public: 'the token of the mail is the credential' }, rateLimit: perMinute(30, 'always') },
      schema: {
        tags,
        summary: 'Choose a new password',
        description: 'Every session of the account ends.',
        body: resetBody,
        response: { 204: done, ...bodyErrors },
      },
    },
    async (request, reply) => {
      await welcome(app, 'login', await resetPassword(deps, request.body, originOf(request)), request.ip);
      return reply.code(204).send(null);
    },
  );
}
