/**
 * What our rooms are held against: a y-websocket room in one process that keeps nothing, asks nobody and looks at nothing.
 * Says `Ready: <address>`.
 */
import type { AddressInfo } from 'node:net';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocketServer, type WebSocket } from 'ws';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

const rooms = new Map<string, { doc: Y.Doc; members: Set<WebSocket> }>();
const server = new WebSocketServer({ port: Number(process.env['PORT'] ?? 0), host: '127.0.0.1' });
const SYNC = 0;

server.on('connection', (socket, request) => {
  const name = request.url?.split('?')[0] ?? '';
  const room = rooms.get(name) ?? open(name);
  room.members.add(socket);
  socket.on('close', () => room.members.delete(socket));
  socket.on('message', (data) => {
    const decoder = decoding.createDecoder(new Uint8Array(data as Buffer));
    if (decoding.readVarUint(decoder) !== SYNC) return;
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, SYNC);
    sync.readSyncMessage(decoder, answer, room.doc, socket);
    if (encoding.length(answer) > 1) socket.send(encoding.toUint8Array(answer));
  });
});

function open(name: string): { doc: Y.Doc; members: Set<WebSocket> } {
  const room = { doc: new Y.Doc(), members: new Set<WebSocket>() };
  room.doc.on('update', (update: Uint8Array, origin: unknown) => {
    const message = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, SYNC);
      sync.writeUpdate(encoder, update);
    });
    for (const member of room.members) if (member !== origin) member.send(message);
  });
  rooms.set(name, room);
  return room;
}

server.on('listening', () => console.log(`Ready: http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('SIGTERM', () => process.exit(0));
