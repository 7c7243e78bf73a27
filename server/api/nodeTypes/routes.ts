import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { shortListQuery } from '../common.js';
import { pageOf } from '../paging.js';
import { errors } from '../errorResponses.js';
import { nodeTypesPage } from './schemas.js';

export async function nodeTypesRoutes(app: App, { nodeTypes }: Pick<AppDeps, 'nodeTypes'>): Promise<void> {
  app.get(
    '/node-types',
    {
      config: { access: { permission: 'nodeTypes:read' } },
      schema: {
        tags: ['node types'],
        summary: 'Everything a department can do',
        description: 'The config of each is described as JSON Schema; forms are built from it.',
        querystring: shortListQuery,
        response: { 200: nodeTypesPage, ...errors },
      },
    },
    (request) => pageOf(nodeTypes, request.query, ({ type }) => type),
  );
}
