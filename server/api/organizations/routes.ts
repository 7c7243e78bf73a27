import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { bodyErrors, errors } from '../errorResponses.js';
import { organizationPatch, organizationView } from './schemas.js';
import { currentOrganization, patchOrganization } from './service.js';

const tags = ['organizations'];

export async function organizationsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/organizations/current',
    {
      config: { access: { permission: 'organization:read' } },
      schema: { tags, summary: "The caller's organization", response: { 200: organizationView, ...errors } },
    },
    (request) => currentOrganization(deps, sessionOf(request)),
  );
  app.patch(
    '/organizations/current',
    {
      config: { access: { permission: 'organization:write' } },
      schema: {
        tags,
        summary: 'Change its name, language, time zone or profile',
        body: organizationPatch,
        response: { 200: organizationView, ...bodyErrors },
      },
    },
    (request) => patchOrganization(deps, sessionOf(request), request.body),
  );
}
