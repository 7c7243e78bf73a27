import type { FastifyInstance } from 'fastify';
import type { Permission } from '../permissions.js';

/** Who may call a route, declared beside its schema. */
export type Access =
  /** Anybody, and why. */
  | { readonly public: string }
  /** A member whose role has this permission, or an API key with its scope. */
  | { readonly permission: Permission }
  /** Whoever is signed in as a person, and why no role is asked: their own account. */
  | { readonly person: string };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
}

/** The server does not start with a route that nobody has thought about. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onReady', async () => {
    const undeclared = app.routeList().filter((route) => !route.access);
    if (undeclared.length === 0) return;
    const names = undeclared.map(({ method, url }) => `${method} ${url}`).join(', ');
    throw new Error(`Routes without config.access: ${names}`);
  });
}

/** For plugins that register routes of their own: they are all public, for this reason. */
export function allPublic(app: FastifyInstance, reason: string): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: { public: reason } };
  });
}
