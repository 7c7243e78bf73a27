import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { allPublic } from './access.js';
import { sendNotFound } from './errorHandler.js';

/** Files whose names hold their hash never change; everything else is asked for again each time. */
const YEAR = 'public, max-age=31536000, immutable';

/** Serves the built web app from `directory`; every address that is not a file or the API's is a page of it. Nothing without a build. */
export async function serveWebApp(app: FastifyInstance, directory: string | null): Promise<void> {
  if (!directory || !existsSync(directory)) return;
  await app.register(async (scope) => {
    allPublic(scope, 'the web app holds no data');
    await scope.register(staticFiles, {
      root: directory,
      serve: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const page = path.endsWith('index.html') ? 'no-store' : 'no-cache';
        reply.header('cache-control', path.includes(`${sep}assets${sep}`) ? YEAR : page);
      },
    });
    // Hidden from the description of the API: it is no part of it.
    scope.get('/*', { schema: { hide: true } }, (request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      if (/^\/(api|docs|healthz|readyz)(\/|$)/.test(path)) return sendNotFound(request, reply);
      // An address without an extension is a page of the app, whose router knows what is there.
      if (/\.\w+$/.test(path)) return reply.sendFile((request.params as { '*': string })['*']);
      return reply.sendFile('index.html');
    });
  });
}
