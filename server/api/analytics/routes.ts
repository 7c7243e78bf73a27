import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams } from '../common.js';
import { errors, itemErrors } from '../errorResponses.js';
import { overview, overviewQuery, traffic, trafficQuery } from './schemas.js';
import { readOverview } from './service.js';
import { readTraffic } from './traffic.js';

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
  app.get(
    '/departments/:id/traffic',
    {
      config: { access: { permission: 'analytics:read' } },
      schema: {
        tags: ['analytics'],
        summary: 'What real runs of a version did at each of its nodes',
        params: idParams,
        querystring: trafficQuery,
        response: { 200: traffic, ...itemErrors },
      },
    },
    (request) => readTraffic(deps, sessionOf(request), request.params.id, request.query),
  );
}
