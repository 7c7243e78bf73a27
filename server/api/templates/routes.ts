import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { shortListQuery } from '../common.js';
import { pageOf } from '../paging.js';
import { errors, itemErrors } from '../errorResponses.js';
import { currentOrganization } from '../organizations/service.js';
import { definitionIn } from './hire.js';
import { presentCard } from './present.js';
import { templateParams, templatesPage, templateWithDefinition } from './schemas.js';

const tags = ['templates'];
const config = { access: { permission: 'templates:read' } } as const;

export async function templatesRoutes(app: App, deps: Pick<AppDeps, 'templates' | 'db'>): Promise<void> {
  app.get(
    '/templates',
    {
      config,
      schema: {
        tags,
        summary: 'Departments one can hire',
        querystring: shortListQuery,
        response: { 200: templatesPage, ...errors },
      },
    },
    (request) => pageOf(deps.templates.list().map(presentCard), request.query, ({ slug }) => slug),
  );
  app.get(
    '/templates/:slug',
    {
      config,
      schema: {
        tags,
        summary: 'One template with its definition',
        params: templateParams,
        response: { 200: templateWithDefinition, ...itemErrors },
      },
    },
    async (request) => {
      const template = found(deps.templates.find(request.params.slug));
      const { locale } = await currentOrganization({ ...deps, sandbox: false }, sessionOf(request));
      return { ...presentCard(template), definition: definitionIn(template, locale) };
    },
  );
}
