import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, notFound } from '../../errors.js';
import { perMinute } from '../../plugins/rateLimit.js';
import { errorBody, idParams, listQuery } from '../common.js';
import { publicErrors } from '../errorResponses.js';
import { mailPage, mailView, outboxHeaders } from './schemas.js';
import { listMails, readMail } from './service.js';

const tags = ['outbox'];
const config = {
  access: { public: 'the key of whoever runs the platform is the credential' },
  rateLimit: perMinute(120),
} as const;
const refusals = { ...publicErrors, 401: errorBody, 404: errorBody } as const;

/** Without a mail service, mails stay here for whoever runs the platform: on one's own computer that is the person they are for. */
export async function outboxRoutes(app: App, { db, operatorKey }: AppDeps): Promise<void> {
  const check = ({ headers }: FastifyRequest): void => {
    if (!operatorKey) throw notFound();
    const given = headers['x-operator-key'];
    if (typeof given !== 'string' || !same(given, operatorKey)) throw new ApiError('unauthenticated');
  };

  app.get(
    '/outbox',
    {
      config,
      // Before the query is looked at: nobody learns from a validation error what lies behind the door.
      preValidation: async (request) => check(request),
      schema: {
        tags,
        summary: 'Mails that were written, newest first',
        description:
          'For whoever runs the platform, with the key that the start printed. Nothing is here while a mail service is connected.',
        security: [{ operatorKey: [] }],
        headers: outboxHeaders,
        querystring: listQuery,
        response: { 200: mailPage, ...refusals },
      },
    },
    (request) => listMails(db, request.query),
  );
  app.get(
    '/outbox/:id',
    {
      config,
      preValidation: async (request) => check(request),
      schema: {
        tags,
        summary: 'One mail with its text',
        security: [{ operatorKey: [] }],
        headers: outboxHeaders,
        params: idParams,
        response: { 200: mailView, ...refusals },
      },
    },
    (request) => readMail(db, request.params.id),
  );
}

/** Compared by their hashes: neither the time nor the length tells anything. */
const same = (given: string, key: string): boolean => timingSafeEqual(hashOf(given), hashOf(key));
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
