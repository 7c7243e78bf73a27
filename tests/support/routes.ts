import { uuidv7 } from 'uuidv7';
import type { ListedRoute } from '#server/plugins/routeList.js';
import type { TestApp } from './app.js';

export const prefix = '/api/v1';

/** Every route of the API that is asked over HTTP, found by asking the server. */
export const apiRoutes = (server: TestApp): readonly ListedRoute[] =>
  server.app
    .routeList()
    .filter(({ url, method, websocket }) => url.startsWith(`${prefix}/`) && method !== 'HEAD' && !websocket)
    .filter(({ url }) => url !== `${prefix}/openapi.json`);

/** `POST /departments/:id/runs` */
export const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url.slice(prefix.length)}`;

export const changes = ({ method }: ListedRoute): boolean => method !== 'GET';

/** The address with ids that nothing has, below the prefix. */
export const randomPath = ({ url }: ListedRoute): string =>
  url
    .slice(prefix.length)
    .replace(':version', '1')
    .replace(/:\w+/g, () => uuidv7());
