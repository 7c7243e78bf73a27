import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { GatheringSocket } from './gatheringSocket.js';

type Handed = (error?: Error | null) => void;

/** Counts what is handed to the system. */
class Counting extends GatheringSocket {
  handed = 0;

  override _write(chunk: Buffer, encoding: BufferEncoding, done: Handed): void {
    this.handed += 1;
    super._write(chunk, encoding, done);
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: Handed): void {
    this.handed += 1;
    // Every socket has one; its types leave it open.
    super._writev?.(chunks, done);
  }
}

it('hands what is written in one turn to the system at once', async () => {
  const server = createServer((socket: Socket) => void socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new Counting();
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await once(socket.connect(port, '127.0.0.1'), 'connect');
  let heard = '';
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      heard += String(data);
      if (heard === 'begin;select;commit;') resolve();
    });
  });
  socket.write('begin;');
  await Promise.resolve();
  socket.write(Buffer.from('select;'));
  await Promise.resolve();
  socket.write('commit;', 'utf8');
  await answered;
  expect(socket.handed).toBe(1);
});
