import type { FastifyInstance } from 'fastify';

/** How long answers may take once the server is told to stop: no answer of ours does, unless a model is asked. Fastify gives all of its end ten seconds. */
const ANSWERING_MS = 5_000;
/** How long WebSockets have to hang up: a laptop that sleeps never does. */
const HANGING_UP_MS = 2_000;

/**
 * Told to stop, the server takes no new connection and answers what has reached it: a request that was carried out and not answered would be sent, and
 * carried out, again. Each answer closes its connection. Then what is left is closed, as `forceCloseConnections` says.
 */
export function answerBeforeLeaving(app: FastifyInstance): void {
  let underWay = 0;
  let leaving = false;
  let answered = (): void => {};
  let hangingUp: NodeJS.Timeout | undefined;
  app.server.on('request', (_request, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
      if (underWay === 0) answered();
    });
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (leaving) reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', async () => {
    leaving = true;
    if (app.server.listening) app.server.close();
    if (underWay > 0) {
      let patience: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        answered = done;
        patience = setTimeout(done, ANSWERING_MS);
      });
      clearTimeout(patience);
    }
    hangingUp = setTimeout(() => {
      for (const socket of app.websocketServer.clients) socket.terminate();
    }, HANGING_UP_MS);
  });
  app.addHook('onClose', (_app, done) => {
    clearTimeout(hangingUp);
    done();
  });
}
