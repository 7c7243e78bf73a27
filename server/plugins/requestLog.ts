import type { FastifyInstance } from 'fastify';

/**
 * One line a request, when it has been answered. The path alone: a query may hold a token. What stands in it is known, and is not searched for secrets, which would
 * cost more than all of the rest of the line.
 */
export function logResponses(app: FastifyInstance): void {
  const log = app.log.child({}, { redact: { paths: [] } });
  app.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        reqId: request.id,
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
      },
      'request',
    );
    done();
  });
}
