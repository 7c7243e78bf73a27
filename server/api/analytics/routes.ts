import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { errors } from '../errorResponses.js';
import { overview, overviewQuery } from './schemas.js';
import { readOverview } from './service.js';

export async function analyticsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/analytics/overview',
    {
      config: { access: { permission: 'analytics:read' } },
      schema: {
        tags: ['analytics'],
        summary: 'What the team has done since a time',
        querystring: overviewQuery,
        response: { 200: overview, ...errors },
      },
    },
    (request) => readOverview(deps, sessionOf(request), request.query),
  );
}
