import type {} from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { Access } from './access.js';

export interface ListedRoute {
  readonly method: string;
  /** As declared: `/api/v1/runs/:id`. */
  readonly url: string;
  readonly access: Access | undefined;
  readonly websocket: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the running server. */
    routeList(): readonly ListedRoute[];
  }
}

/** Keeps the list of all routes, for the checks at the start, for 405 answers and for the tests that go over every route. */
export function listRoutes(app: FastifyInstance): void {
  const routes: { method: string; url: string; options: { config?: { access?: Access } }; websocket: boolean }[] = [];
  app.addHook('onRoute', (options) => {
    const methods = Array.isArray(options.method) ? options.method : [options.method];
    // The options are kept, not copied: an enclosing plugin may still add to their config.
    for (const method of methods)
      routes.push({
        method,
        url: options.url,
        options,
        websocket: 'websocket' in options && Boolean(options.websocket),
      });
  });
  app.decorate('routeList', () =>
    routes.map(({ method, url, options, websocket }) => ({ method, url, access: options.config?.access, websocket })),
  );
}

/** The methods that an address takes, catch-all routes left out. */
export function methodsOf(app: FastifyInstance, path: string): string[] {
  const methods = app
    .routeList()
    .filter(({ url }) => !url.endsWith('*') && patternOf(url).test(path))
    .map(({ method }) => method);
  return [...new Set(methods)].toSorted();
}

/** Whether a WebSocket opens at this address. @param url of a request, its query included */
export function isWebSocketPath(app: FastifyInstance, url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return app.routeList().some((route) => route.websocket && !path.endsWith('/') && patternOf(route.url).test(path));
}

const patterns = new Map<string, RegExp>();
function patternOf(url: string): RegExp {
  const known =
    patterns.get(url) ??
    new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}/?$`);
  patterns.set(url, known);
  return known;
}
