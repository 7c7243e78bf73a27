import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams, listQuery } from '../common.js';
import { bodyErrors, errors, itemErrors } from '../errorResponses.js';
import { passagesView, searchBody, sourceCreate, sourcesPage, sourceView, sourceWithContent } from './schemas.js';
import { createSource, deleteSource, getSource, listSources, search } from './service.js';

const tags = ['knowledge'];
const read = { access: { permission: 'knowledge:read' } } as const;
const write = { access: { permission: 'knowledge:write' } } as const;
/** Half a million characters of any script, and what JSON adds. */
const bodyLimit = 2_200_000;

export async function knowledgeRoutes(app: App, deps: AppDeps): Promise<void> {
  app.post(
    '/knowledge/sources',
    {
      config: { ...write, cost: 'expensive' },
      bodyLimit,
      schema: {
        tags,
        summary: 'Tell the team something',
        description: 'Plain text or Markdown. It is `reading` until a worker has cut it into passages.',
        body: sourceCreate,
        response: { 201: sourceView, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await createSource(deps, sessionOf(request), request.body)),
  );
  app.get(
    '/knowledge/sources',
    {
      config: read,
      schema: {
        tags,
        summary: 'What the team has read',
        querystring: listQuery,
        response: { 200: sourcesPage, ...errors },
      },
    },
    (request) => listSources(deps, sessionOf(request), request.query),
  );
  app.get(
    '/knowledge/sources/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'One source with its text',
        params: idParams,
        response: { 200: sourceWithContent, ...itemErrors },
      },
    },
    (request) => getSource(deps, sessionOf(request), request.params.id),
  );
  app.delete(
    '/knowledge/sources/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Forget a source',
        params: idParams,
        response: { 204: z.null().meta({ description: 'Forgotten' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await deleteSource(deps, sessionOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/knowledge/search',
    {
      config: { ...read, cost: 'expensive' },
      schema: {
        tags,
        summary: 'Find passages',
        body: searchBody,
        response: { 200: passagesView, ...bodyErrors },
      },
    },
    (request) => search(deps, sessionOf(request), request.body),
  );
}
