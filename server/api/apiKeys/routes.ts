import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams, listQuery } from '../common.js';
import { bodyErrors, errors, itemErrors } from '../errorResponses.js';
import { apiKeyCreate, apiKeysPage, newApiKey } from './schemas.js';
import { createApiKey, listApiKeys, revokeApiKey } from './service.js';

const tags = ['api keys'];
const write = { access: { permission: 'apiKeys:write' } } as const;

export async function apiKeysRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/api-keys',
    {
      config: { access: { permission: 'apiKeys:read' } },
      schema: {
        tags,
        summary: 'API keys, newest first',
        querystring: listQuery,
        response: { 200: apiKeysPage, ...errors },
      },
    },
    (request) => listApiKeys(deps, sessionOf(request), request.query),
  );
  app.post(
    '/api-keys',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make an API key',
        description: 'The key is in this answer and never again. Send it as `Authorization: Bearer`.',
        body: apiKeyCreate,
        response: { 201: newApiKey, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await createApiKey(deps, sessionOf(request), request.body)),
  );
  app.delete(
    '/api-keys/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Revoke an API key',
        params: idParams,
        response: { 204: z.null().meta({ description: 'Revoked' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await revokeApiKey(deps, sessionOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
