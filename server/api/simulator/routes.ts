import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { localeOf } from '../../plugins/errorHandler.js';
import { problemsBody } from '../common.js';
import { itemBodyErrors } from '../errorResponses.js';
import { simulatorAccepted, simulatorMessage, simulatorParams } from './schemas.js';
import { writeInSimulator } from './service.js';

export async function simulatorRoutes(app: App, deps: AppDeps): Promise<void> {
  app.post(
    '/simulator/:channelId/messages',
    {
      config: { access: { permission: 'simulator:write' } },
      schema: {
        tags: ['simulator'],
        summary: 'Write as a customer would',
        description: 'The answer appears in the conversation and on `WS /realtime`.',
        params: simulatorParams,
        body: simulatorMessage,
        response: { 202: simulatorAccepted, ...itemBodyErrors, 422: problemsBody },
      },
    },
    async (request, reply) =>
      reply
        .code(202)
        .send(
          await writeInSimulator(deps, sessionOf(request), request.params.channelId, request.body, localeOf(request)),
        ),
  );
}
