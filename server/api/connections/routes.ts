import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams } from '../common.js';
import { bodyErrors, errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { testConnection } from './knock.js';
import { getModelKeys, putModelKeys } from './modelKeys.js';
import {
  connectionCreate,
  connectionDelete,
  connectionPatch,
  connectionsPage,
  connectionsQuery,
  connectionTest,
  connectionTested,
  connectionView,
  modelKeys,
  modelKeysPut,
} from './schemas.js';
import { createConnection, deleteConnection, getConnection, listConnections, patchConnection } from './service.js';

const tags = ['connections'];
const readAccess = { access: { permission: 'connections:read' } } as const;
const write = { access: { permission: 'connections:write' } } as const;
const path = '/integrations/connections';

export async function connectionsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    path,
    {
      config: readAccess,
      schema: {
        tags,
        summary: 'Connections, newest first',
        description: 'With the hosts that each is for and the departments that use it. Never what is secret about it.',
        querystring: connectionsQuery,
        response: { 200: connectionsPage, ...errors },
      },
    },
    (request) => listConnections(deps, sessionOf(request), request.query),
  );
  app.post(
    path,
    {
      config: write,
      schema: {
        tags,
        summary: 'Make a connection',
        description:
          'The secret is sealed with the key of the organization, goes to the hosts that are named here and to no others, and is never shown again. ' +
          'A key of a provider of models makes the agents use keys of your own from then on, and never those of the platform.',
        body: connectionCreate,
        response: { 201: connectionView, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await createConnection(deps, sessionOf(request), request.body)),
  );
  app.get(
    `${path}/:id`,
    {
      config: readAccess,
      schema: { tags, summary: 'One connection', params: idParams, response: { 200: connectionView, ...itemErrors } },
    },
    (request) => getConnection(deps, sessionOf(request), request.params.id),
  );
  app.patch(
    `${path}/:id`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Rename a connection or replace its secret',
        description: 'A new secret is used from the next request on. Other hosts need the secret anew.',
        params: idParams,
        body: connectionPatch,
        response: { 200: connectionView, ...itemBodyErrors },
      },
    },
    (request) => patchConnection(deps, sessionOf(request), request.params.id, request.body),
  );
  app.delete(
    `${path}/:id`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Delete a connection',
        description: 'Refused while a department at work needs it, with their names, unless it is forced.',
        params: idParams,
        querystring: connectionDelete,
        response: { 204: z.null().meta({ description: 'Deleted' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await deleteConnection(deps, sessionOf(request), request.params.id, request.query.force === 'true');
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${path}/:id/test`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Try a connection',
        description: 'Asks the other side, with GET, whether it lets us in.',
        params: idParams,
        body: connectionTest,
        response: { 200: connectionTested, ...itemBodyErrors },
      },
    },
    (request) => testConnection(deps, sessionOf(request), request.params.id, request.body),
  );
  app.get(
    '/integrations/models',
    {
      config: readAccess,
      schema: { tags, summary: 'Whose keys the agents use', response: { 200: modelKeys, ...errors } },
    },
    (request) => getModelKeys(deps, sessionOf(request)),
  );
  app.put(
    '/integrations/models',
    {
      config: write,
      schema: {
        tags,
        summary: 'Choose whose keys the agents use',
        description:
          'With keys of your own, the platform’s are never used: where one is missing, the work fails and says so.',
        body: modelKeysPut,
        response: { 200: modelKeys, ...bodyErrors },
      },
    },
    (request) => putModelKeys(deps, sessionOf(request), request.body),
  );
}
