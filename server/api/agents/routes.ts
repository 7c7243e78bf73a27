import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { listQuery } from '../common.js';
import { errors } from '../errorResponses.js';
import { agentsPage } from './schemas.js';
import { listAgents } from './service.js';

export async function agentsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/agents',
    {
      config: { access: { permission: 'agents:read' } },
      schema: {
        tags: ['agents'],
        summary: 'Everyone who thinks, with their work of the last 30 days',
        querystring: listQuery,
        response: { 200: agentsPage, ...errors },
      },
    },
    (request) => listAgents(deps, sessionOf(request), request.query),
  );
}
