import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Headers that tell browsers what our pages may do: load from us, connect to us, be framed by nobody. No inline script. And caches: keep nothing. */
export async function sendSecurityHeaders(app: FastifyInstance, publicUrl: string | null): Promise<void> {
  const secure = publicUrl?.startsWith('https:') ?? false;
  const websockets = publicUrl ? [new URL(publicUrl).origin.replace(/^http/, 'ws')] : [];
  await app.register(helmet, {
    global: false,
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
  // The same for every answer, and written out anew each time they are asked of helmet: a twentieth of what an answer costs.
  let headers: Record<string, string> | null = null;
  app.addHook('onRequest', (_request, reply, done) => {
    if (headers === null) {
      const before = new Set(reply.raw.getHeaderNames());
      void reply.helmet();
      headers = Object.fromEntries(
        Object.entries(reply.raw.getHeaders()).flatMap(([name, value]) =>
          before.has(name) ? [] : [[name, String(value)]],
        ),
      );
    } else {
      reply.headers(headers);
    }
    done();
  });
  // Unsaid, caches may guess how long an answer or a 404 holds (RFC 9111, 4.2.2): who wants one kept says so.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done();
  });
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
