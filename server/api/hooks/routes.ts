import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams } from '../common.js';
import { itemBodyErrors, itemErrors } from '../errorResponses.js';
import { hookAccepted, hookBody, hookParams, hookQuery, hooksView } from './schemas.js';
import { listHooks, pullHook } from './service.js';

const tags = ['departments'];

export async function hooksRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/departments/:id/webhooks',
    {
      config: { access: { permission: 'departments:write' } },
      schema: {
        tags,
        summary: 'Addresses that start the department',
        description:
          'One for each webhook trigger of the live version. An address is a secret: whoever has it may start a run.',
        params: idParams,
        response: { 200: hooksView, ...itemErrors },
      },
    },
    (request) => listHooks(deps, sessionOf(request), request.params.id),
  );
  app.post(
    '/webhooks/departments/:token',
    {
      config: { access: { public: 'The address itself is the secret: only its organization could read it' } },
      schema: {
        tags,
        summary: 'Start a department from another system',
        params: hookParams,
        querystring: hookQuery,
        body: hookBody,
        response: { 202: hookAccepted, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      const { body = null, query } = request;
      return reply.code(202).send(await pullHook(deps, request.params.token, { body, query }));
    },
  );
}
