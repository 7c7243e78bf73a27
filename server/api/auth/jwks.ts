import type { FastifyInstance } from 'fastify';
import type { SigningKeys } from './signingKeys.js';

/** The public halves of the keys that sign access tokens, where others look for them (RFC 7517, RFC 8615). */
export async function jwksRoute(app: FastifyInstance, { keys }: { readonly keys: SigningKeys }): Promise<void> {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: { public: 'public keys are public' } },
      schema: { tags: ['auth'], summary: 'Public keys of access tokens' },
    },
    async (_, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return { keys: await keys.published() };
    },
  );
}
