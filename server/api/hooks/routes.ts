import type { FastifyRequest } from 'fastify';
import { wholeOf } from '#db/connect.js';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import type { KeyHolder } from '../../plugins/idempotency.js';
import { errorBody, idParams } from '../common.js';
import { itemBodyErrors, itemErrors } from '../errorResponses.js';
import { readHookToken, type HookPurpose } from './address.js';
import { reportEvent } from './events.js';
import { eventAccepted, eventQuery, hookAccepted, hookBody, hookParams, hookQuery, hooksView } from './schemas.js';
import { listHooks, pullHook } from './service.js';

const tags = ['departments'];
const open = 'The address itself is the secret: only its organization could read it';
/** Whose an `Idempotency-Key` is that comes to an address: of the node that it names. */
const keysOf =
  ({ keyring }: Pick<AppDeps, 'keyring'>, purpose: HookPurpose) =>
  ({ params }: FastifyRequest): KeyHolder | null => {
    const hook = readHookToken(keyring, purpose, hookParams.parse(params).token);
    return hook && { scope: wholeOf(hook.organizationId), name: `${purpose}:${hook.departmentId}:${hook.nodeId}` };
  };

export async function hooksRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/departments/:id/webhooks',
    {
      config: { access: { permission: 'departments:write' } },
      schema: {
        tags,
        summary: 'Addresses for other systems',
        description:
          'One for each webhook trigger of the live version, and for each of its nodes that waits for an event. An address is a secret: whoever has it may use it.',
        params: idParams,
        response: { 200: hooksView, ...itemErrors },
      },
    },
    (request) => listHooks(deps, sessionOf(request), request.params.id),
  );
  app.post(
    '/webhooks/departments/:token',
    {
      config: { access: { public: open }, keyHolder: keysOf(deps, 'hook') },
      schema: {
        tags,
        summary: 'Start a department from another system',
        description:
          'With an `Idempotency-Key` it is safe to call again after a lost answer: it begins one run. A call that was refused began none, and may come again under its key.',
        params: hookParams,
        querystring: hookQuery,
        body: hookBody,
        response: { 202: hookAccepted, ...itemBodyErrors, 422: errorBody },
      },
    },
    async (request, reply) => {
      const { body = null, query } = request;
      return reply.code(202).send(await pullHook(deps, request.params.token, { body, query }));
    },
  );
  app.post(
    '/webhooks/events/:token',
    {
      config: { access: { public: open }, keyHolder: keysOf(deps, 'event') },
      schema: {
        tags,
        summary: 'Report an event that runs wait for',
        params: hookParams,
        querystring: eventQuery,
        body: hookBody,
        response: { 202: eventAccepted, ...itemBodyErrors, 422: errorBody },
      },
    },
    async (request, reply) => {
      const { body = null, query } = request;
      return reply
        .code(202)
        .send(await reportEvent(deps, request.params.token, { body, key: query.key, id: query.id }));
    },
  );
}
