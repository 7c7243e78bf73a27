import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join, sep } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { locales, type Locale } from '#nodes/sdk/text.js';
import { allPublic } from './access.js';
import { sendNotFound } from './errorHandler.js';

/** Files whose names hold their hash never change; everything else is asked for again each time. */
const YEAR = 'public, max-age=31536000, immutable';

/** Its page asks for much, and for all of it at once if the document says so: `editor/paintedPages.ts` writes that. */
const EDITOR = /^\/departments\/[^/]+\/edit\/?$/;

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
        const page = path.endsWith('.html') ? 'no-store' : 'no-cache';
        reply.header('cache-control', path.includes(`${sep}assets${sep}`) ? YEAR : page);
      },
    });
    // Hidden from the description of the API: it is no part of it.
    scope.get('/*', { schema: { hide: true } }, (request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      if (/^\/(api|docs|healthz|readyz)(\/|$)/.test(path)) return sendNotFound(request, reply);
      // An address without an extension is a page of the app, whose router knows what is there.
      if (/\.\w+$/.test(path)) return reply.sendFile((request.params as { '*': string })['*']);
      const page = path === '/' ? 'landing' : EDITOR.test(path) ? 'editor' : null;
      if (page === null) return reply.sendFile('index.html');
      reply.header('vary', 'accept-language, cookie');
      const file = `${page}.${localeOfPage(request.headers)}.html`;
      return reply.sendFile(existsSync(join(directory, file)) ? file : 'index.html');
    });
  });
}

/**
 * The language of a page that is painted for somebody unknown: chosen here before (`editor/src/i18n/i18n.ts`), else the first that the browser
 * speaks, as `theme.js` reads it there.
 */
export function localeOfPage(headers: Pick<IncomingHttpHeaders, 'cookie' | 'accept-language'>): Locale {
  const chosen = /(?:^|;\s*)locale=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
  const known = locales.find((locale) => locale === chosen);
  if (known) return known;
  const [first = ''] = (headers['accept-language'] ?? '').split(',');
  const spoken = first.trim();
  return spoken === '' || spoken === '*' || /^pt\b/i.test(spoken) ? 'pt-BR' : 'en';
}
