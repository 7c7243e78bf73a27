import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { shortListQuery } from '../common.js';
import { getModelKeys } from '../connections/modelKeys.js';
import { errors } from '../errorResponses.js';
import { pageOf } from '../paging.js';
import { modelsPage } from './schemas.js';

export async function modelsRoutes(app: App, deps: Pick<AppDeps, 'db' | 'sandbox' | 'modelCatalogue'>): Promise<void> {
  app.get(
    '/models',
    {
      config: { access: { permission: 'models:read' } },
      schema: {
        tags: ['models'],
        summary: 'Models that a step may think with',
        description: 'The dearest first. A step that names none thinks with the one that plays the role of its work.',
        querystring: shortListQuery,
        response: { 200: modelsPage, ...errors },
      },
    },
    async (request) => {
      const { keys, platformHasKeys, providers } = await getModelKeys(deps, sessionOf(request));
      const models = deps.modelCatalogue().map((model) => ({
        ...model,
        available:
          keys === 'platform'
            ? platformHasKeys
            : providers.some(({ provider, connectionId }) => provider === model.provider && connectionId !== null),
      }));
      return pageOf(models, request.query, ({ id }) => id);
    },
  );
}
