import type { FastifyInstance } from 'fastify';
import type { WebhookDeps } from './deps.js';
import { whatsappWebhook } from './whatsapp/routes.js';

/** Addresses that outside services call, below `/webhooks`. Bodies stay raw bytes: signatures are over what was sent, not over what was understood. */
export async function registerWebhooks(app: FastifyInstance, deps: WebhookDeps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: 4_000_000 },
      (_request, body, done) => done(null, body),
    );
    await scope.register(whatsappWebhook, { prefix: '/webhooks/whatsapp', ...deps });
  });
}
