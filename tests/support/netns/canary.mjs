// A listener on every address of its network namespace, on one port. Writes a line to standard output for each connection: the address that was asked for.
import { createServer } from 'node:net';

const server = createServer((socket) => {
  console.log(`hit ${socket.localAddress?.replace(/^::ffff:/, '')}`);
  socket.on('error', () => {});
  socket.end();
});
server.listen(Number(process.argv[2]), '::', () => console.log('ready'));
