import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { App } from '../appType.js';
import type { AppDeps } from '../deps.js';
import { sessionOf, type Session } from '../plugins/authenticate.js';
import { createOutbox } from './outbox.js';
import { watchStanding } from './standing.js';
import { onlyVisible } from './visible.js';

/** Proxies close what is silent for a minute; a browser that misses a ping is gone. */
const PING_MS = 25_000;
/** Bytes of a message that has no reason to come. */
const MOST_HEARD = 64 * 1024;
/** The token has expired, the session was ended, or other things are open to it now: come back with a fresh one. RFC 6455 leaves 4000–4999 to applications. */
export const SESSION_OVER = 4401;

type Deps = Pick<AppDeps, 'bus' | 'db' | 'memberships' | 'apiKeys' | 'log'>;

export async function realtimeRoutes(app: App, deps: Deps): Promise<void> {
  app.get(
    '/realtime',
    {
      websocket: true,
      config: { access: { permission: 'realtime:read' } },
      schema: { querystring: z.strictObject({ token: z.string().optional() }) },
    },
    (socket, request) => follow(socket, sessionOf(request), request.headers.authorization, deps),
  );
}

/** Tells one browser what happens in its organization, once it has said that it is ready: of what happens from then on nothing may be missed. */
function follow(socket: WebSocket, session: Session, authorization: string | undefined, deps: Deps): void {
  const { bus, db, log } = deps;
  const outbox = createOutbox(socket);
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  // Nothing is expected from the browser; what it sends is not kept, and much of it ends the connection.
  socket.on('message', (data) => {
    if ((data as Buffer).length > MOST_HEARD) socket.close(1009, 'too much');
  });
  socket.on('error', () => socket.terminate());

  const unsubscribe = bus.subscribe(
    session.organizationId,
    onlyVisible(
      db,
      session,
      (event) => outbox.send(event),
      (error) => {
        // What may be seen is not known: nothing is shown, and the browser comes back to ask.
        log.warn({ err: error }, 'a browser of somebody limited to departments is sent away');
        socket.close(1011, 'try again');
      },
    ),
    () => outbox.send({ type: 'ready' }),
  );
  const stop = watchStanding({ session, authorization, permission: 'realtime:read' }, deps, () =>
    socket.close(SESSION_OVER, 'session over'),
  );
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS);
  socket.on('close', () => {
    unsubscribe();
    stop();
    clearInterval(heartbeat);
  });
}
