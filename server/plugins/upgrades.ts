import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { isWebSocketPath } from './routeList.js';

/**
 * Once anybody listens for upgrades, Node takes every request with an `Upgrade` header off its HTTP, whatever it asks to become and wherever it goes: the
 * client of Java offers `h2c` with each first request, and an ordinary address would answer it as a WebSocket. A server may ignore the offer (RFC 9110, 7.8),
 * so what is no WebSocket, or goes where there is none, goes on as the HTTP it was.
 * Returns where upgrades to WebSockets arrive, for the plugin that opens them.
 */
export function sortUpgrades(app: FastifyInstance): Server {
  const webSockets = new EventEmitter();
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (wantsWebSocket(app, request)) webSockets.emit('upgrade', request, socket, head);
    else goOn(app.server, request, socket, head);
  });
  // Nothing but the event is used of it.
  return webSockets as unknown as Server;
}

function wantsWebSocket(app: FastifyInstance, { method, headers, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isWebSocketPath(app, url);
}

/**
 * The same request on the same connection, read anew without the offer. It is the last one there: Node adds listeners to a socket each time it is handed over,
 * so nobody may have that done for ever. Header lines are as Node's parser let them in: none holds a line break.
 */
function goOn(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`, 'Connection: close'];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
