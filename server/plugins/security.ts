import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import type { OutgoingHttpHeaders } from 'node:http';

/** Headers that tell browsers what our pages may do: load from us, connect to us, be framed by nobody. No inline script. And caches: keep nothing. */
export async function sendSecurityHeaders(app: FastifyInstance, publicUrl: string | null): Promise<void> {
  const headers = await headersFor(publicUrl);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  // Unsaid, caches may guess how long an answer or a 404 holds (RFC 9111, 4.2.2): who wants one kept says so.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done();
  });
}

/** The same for every answer, so they are asked for once: helmet writes them out anew each time, and lets every request wait for a promise. */
async function headersFor(publicUrl: string | null): Promise<OutgoingHttpHeaders> {
  const secure = publicUrl?.startsWith('https:') ?? false;
  const websockets = publicUrl ? [new URL(publicUrl).origin.replace(/^http/, 'ws')] : [];
  const probe = Fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Libraries of the web app write style elements; a style cannot read or send anything under these other rules.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // `'self'` covers WebSockets of the same host in every browser since Safari 15.4.
        connectSrc: ["'self'", ...websockets],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(secure && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginEmbedderPolicy: false,
  });
  let headers: OutgoingHttpHeaders = {};
  probe.get('/', (_request, reply) => {
    headers = { ...reply.raw.getHeaders() };
    return reply.send();
  });
  await probe.inject('/');
  await probe.close();
  return headers;
}

/** What only a page needs, an answer of the API may not have: nothing in it runs, wherever somebody opens it. */
const INERT = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Answers of the API are somebody's: no cache keeps them, and a browser that is shown one does nothing with it. */
export function keepAnswersPrivate(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('cache-control', 'no-store').header('content-security-policy', INERT);
    done();
  });
}
