import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { localeOf } from '../../plugins/errorHandler.js';
import { idParams, problemsBody } from '../common.js';
import { itemBodyErrors } from '../errorResponses.js';
import { proposalCreate, proposalView } from './schemas.js';
import { propose } from './service.js';

export async function proposalsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.post(
    '/departments/:id/proposals',
    {
      config: { access: { permission: 'proposals:write' }, cost: 'expensive' },
      schema: {
        tags: ['departments'],
        summary: 'Ask for a change in words',
        description:
          'A model proposes what to change in the draft; the answer is the draft as it would be. Nothing is changed: whoever accepts it stores the draft.',
        params: idParams,
        body: proposalCreate,
        response: { 200: proposalView, ...itemBodyErrors, 422: problemsBody },
      },
    },
    (request) => propose(deps, sessionOf(request), request.params.id, request.body, localeOf(request)),
  );
}
