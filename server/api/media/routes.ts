import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { errors } from '../errorResponses.js';
import { mediaQuery } from './schemas.js';
import { fetchPicture } from './service.js';

export async function mediaRoutes(app: App, deps: Pick<AppDeps, 'egress'>): Promise<void> {
  app.get(
    '/media/picture',
    {
      config: { access: { permission: 'media:read' }, cost: 'expensive' },
      // The other side would be asked all the same.
      exposeHeadRoute: false,
      schema: {
        tags: ['media'],
        summary: 'The picture at a public address',
        description: 'As a message with this link would bring it. Fetched by the platform, from public addresses only.',
        querystring: mediaQuery,
        response: {
          200: {
            description: 'The picture',
            content: {
              'image/jpeg': { schema: z.string() },
              'image/png': { schema: z.string() },
              'image/gif': { schema: z.string() },
              'image/webp': { schema: z.string() },
            },
          },
          ...errors,
        },
      },
    },
    async (request, reply) => {
      const { type, bytes } = await fetchPicture(deps, request.query.link);
      return reply
        .type(type as 'image/png')
        .header('content-disposition', 'inline; filename="picture"')
        .send(bytes as never);
    },
  );
}
