import { createServer, type AddressInfo, type Server } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import { Connection } from './connection.js';
import { Scheduler } from './scheduler.js';
import { Session } from './session.js';

export interface GatewayOptions {
  /** Directory of the PostgreSQL files. */
  readonly directory: string;
  readonly password: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Answer before what was written has reached the operating system. Only for data nobody will miss. */
  readonly relaxedDurability: boolean;
}

export function openDatabase(directory: string, relaxedDurability: boolean): Promise<PGlite> {
  return PGlite.create({ dataDir: directory, relaxedDurability, extensions: { vector, pg_trgm, unaccent } });
}

export interface Gateway {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the database and serves it to any PostgreSQL client on loopback.
 * @param onDeath called once if the database stops working; all connections are cut before
 */
export async function openGateway(options: GatewayOptions, onDeath: (error: Error) => void): Promise<Gateway> {
  const pglite = await openDatabase(options.directory, options.relaxedDurability);
  const connections = new Set<Connection>();
  const session = new Session(pglite, (channel, bytes) => scheduler.notify(channel, bytes));
  const scheduler = new Scheduler(session, (error) => {
    server.close();
    for (const connection of connections) connection.destroy();
    onDeath(error);
  });
  let lastId = 0;
  const server = createServer((socket) => {
    const connection = new Connection(++lastId, socket, options.password, {
      unit: (unit) => scheduler.push(unit),
      terminate: () => scheduler.push({ connection, terminate: true }),
    });
    connections.add(connection);
    scheduler.add(connection);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      connections.delete(connection);
      scheduler.remove(connection);
    });
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const connection of connections) connection.end('57P01', 'the embedded database is closing');
      await new Promise((resolve) => server.close(resolve));
      await scheduler.idle();
      await pglite.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
