import type { App } from '../../app.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import { errors, itemErrors } from '../errorResponses.js';
import { templateParams, templatesPage, templateWithDefinition } from './schemas.js';

const tags = ['templates'];
const config = { access: { permission: 'templates:read' } } as const;

export async function templatesRoutes(app: App, { templates }: Pick<AppDeps, 'templates'>): Promise<void> {
  app.get(
    '/templates',
    { config, schema: { tags, summary: 'Departments one can hire', response: { 200: templatesPage, ...errors } } },
    () => ({ items: templates.list().map(({ definition: _, ...card }) => card), nextCursor: null }),
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
    (request) => found(templates.find(request.params.slug)),
  );
}
