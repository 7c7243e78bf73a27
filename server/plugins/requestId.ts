import type { FastifyInstance } from 'fastify';

/** Every answer says which request it belongs to. The id is always ours: one that a caller sends is not believed. */
export function announceRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
