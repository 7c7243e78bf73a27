import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from './config.js';
import { ASK_AGAIN_S, openReadiness, type ReadinessDeps } from './health.js';

export interface HealthDoor {
  /** `http://127.0.0.1:3001` */
  readonly address: string;
  close(): Promise<void>;
}

export interface HealthDoorOptions extends ReadinessDeps {
  readonly host: string;
  readonly port: number;
}

/**
 * Where a process that only works says that it lives (`/healthz`) and whether it can take work (`/readyz`, else 503 and why), as the API does on its own
 * port. Nothing else is here. Throws `ConfigError` when the port cannot be had.
 */
export async function openHealthDoor({ host, port, ...deps }: HealthDoorOptions): Promise<HealthDoor> {
  const readiness = openReadiness(deps);
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(status === 503 && { 'retry-after': String(ASK_AGAIN_S) }),
      };
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
    };
    const path = request.url?.split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, { status: 'not_allowed' });
    if (path === '/healthz') return answer(200, { status: 'ok' });
    if (path !== '/readyz') return answer(404, { status: 'not_found' });
    readiness.look().then(
      (said) => answer(said.status === 'ok' ? 200 : 503, said),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        answer(503, { status: 'unavailable', reasons: [reason], warnings: [] });
      },
    );
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    readiness.close();
    throw new ConfigError(`HEALTH_PORT: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((done) => {
        readiness.close();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
