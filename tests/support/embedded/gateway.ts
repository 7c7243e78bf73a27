/** For the tests of db/embedded: a database of their own, and a client that speaks the protocol message by message. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { testTemplate } from '#tests/support/database.js';
import { cstring, Framer, int32, message, readRow, typeOf } from '#db/embedded/protocol.js';
import { startEmbedded, type EmbeddedDatabase } from '#db/embedded/start.js';

export interface TestGateway extends EmbeddedDatabase {
  client(config?: pg.ClientConfig): Promise<pg.Client>;
  raw(settings?: Record<string, string>): Promise<RawClient>;
}

/** An empty database with three roles, one of them unable to do anything. */
export async function openTestGateway(): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai-departments-gateway-'));
  const embedded = await startEmbedded({ dataDir, template: await testTemplate(), relaxedDurability: true });
  const clients: pg.Client[] = [];
  const raws: RawClient[] = [];
  const client = async (config: pg.ClientConfig = {}): Promise<pg.Client> => {
    const opened = new pg.Client({ connectionString: embedded.url, ...config });
    opened.on('error', () => {});
    await opened.connect();
    clients.push(opened);
    return opened;
  };
  const setup = await client();
  await setup.query(
    'create role tenant nologin nosuperuser nobypassrls; create role engine nologin nosuperuser nobypassrls',
  );
  await setup.query('create schema other; grant usage on schema other to tenant, engine');
  return {
    url: embedded.url,
    client,
    async raw(settings = {}) {
      const opened = await RawClient.open(embedded.url, settings);
      raws.push(opened);
      return opened;
    },
    async close() {
      for (const each of raws) each.socket.destroy();
      await Promise.all(clients.map((each) => each.end().catch(() => {})));
      await embedded.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const parse = (name: string, sql: string): Buffer =>
  message('P', cstring(name), cstring(sql), Buffer.from([0, 0]));
export const bind = (name: string, ...values: string[]): Buffer => {
  const parameters = values.map((value) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]));
  return message(
    'B',
    cstring(''),
    cstring(name),
    Buffer.from([0, 0, 0, values.length]),
    ...parameters,
    Buffer.from([0, 0]),
  );
};
export const execute: Buffer = message('E', cstring(''), int32(0));
export const flush: Buffer = message('H');

/** Writes messages as they are given, so that pipelines, halves of batches and hang-ups can be played. */
export class RawClient {
  readonly socket: Socket;
  readonly #framer = new Framer();
  readonly #received: Buffer[] = [];
  #arrived: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.#arrived());
    socket.on('data', (chunk) => {
      this.#framer.push(chunk);
      for (let bytes = this.#framer.next(); bytes; bytes = this.#framer.next()) this.#received.push(bytes);
      this.#arrived();
    });
  }

  static async open(url: string, settings: Record<string, string>): Promise<RawClient> {
    const { hostname, port, password } = new URL(url);
    const client = new RawClient(connect({ host: hostname, port: Number(port) }));
    await once(client.socket, 'connect');
    const pairs = Object.entries({ user: 'postgres', ...settings }).flatMap(([name, value]) => [
      cstring(name),
      cstring(value),
    ]);
    const body = Buffer.concat([int32(196_608), ...pairs, Buffer.from([0])]);
    client.write(int32(body.length + 4), body);
    await client.until('R');
    client.write(message('p', cstring(password)));
    await client.until('Z');
    return client;
  }

  write(...messages: Buffer[]): void {
    this.socket.write(Buffer.concat(messages));
  }

  /** The messages up to and with the next of this type, or all that came before the hang-up. */
  async until(type: string): Promise<Buffer[]> {
    for (;;) {
      const at = this.#received.findIndex((bytes) => typeOf(bytes) === type);
      if (at >= 0) return this.#received.splice(0, at + 1);
      if (this.socket.closed) return this.#received.splice(0);
      await new Promise<void>((arrived) => (this.#arrived = arrived));
    }
  }

  /** Sends and waits for ReadyForQuery; the rows and errors in between, and the state it leaves. */
  async ask(...messages: Buffer[]): Promise<{ rows: (string | null)[][]; errors: string[]; status: string }> {
    this.write(...messages);
    const answer = await this.until('Z');
    return {
      rows: answer.filter((bytes) => typeOf(bytes) === 'D').map(readRow),
      errors: answer
        .filter((bytes) => typeOf(bytes) === 'E')
        .map(
          (bytes) =>
            bytes
              .toString('utf8', 5)
              .split('\0')
              .find((field) => field.startsWith('M'))
              ?.slice(1) ?? '',
        ),
      status: answer.at(-1)?.toString('latin1', 5) ?? '',
    };
  }
}
