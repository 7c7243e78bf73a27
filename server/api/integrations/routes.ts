import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams } from '../common.js';
import { bodyErrors, errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { channelsPage, channelsQuery, channelView, simulatorCreate, whatsappCreate } from './schemas.js';
import { connectWhatsApp, deleteChannel, listChannels, openSimulator } from './service.js';

const tags = ['integrations'];
const write = { access: { permission: 'integrations:write' } } as const;

export async function integrationsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/integrations',
    {
      config: { access: { permission: 'integrations:read' } },
      schema: {
        tags,
        summary: 'Connected channels',
        querystring: channelsQuery,
        response: { 200: channelsPage, ...errors },
      },
    },
    (request) => listChannels(deps, sessionOf(request), request.query),
  );
  app.post(
    '/integrations/simulator',
    {
      config: { access: { permission: 'simulator:write' } },
      schema: {
        tags,
        summary: "A department's simulator",
        description: 'The same one however often it is asked for.',
        body: simulatorCreate,
        response: { 201: channelView, ...itemBodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await openSimulator(deps, sessionOf(request), request.body)),
  );
  app.post(
    '/integrations/whatsapp',
    {
      config: write,
      schema: {
        tags,
        summary: 'Connect a WhatsApp number',
        description: 'The token is sealed with a key of the organization and never shown again.',
        body: whatsappCreate,
        response: { 201: channelView, ...itemBodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await connectWhatsApp(deps, sessionOf(request), request.body)),
  );
  app.delete(
    '/integrations/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Disconnect a channel',
        params: idParams,
        response: { 204: z.null().meta({ description: 'Disconnected' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await deleteChannel(deps, sessionOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
