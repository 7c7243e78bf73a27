import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Effects } from './effects.js';
import { cstring, errorResponse, Framer, int32, message, ProtocolViolation, readCstring, typeOf } from './protocol.js';
import { readStartup } from './startup.js';
import { Statements } from './statements.js';

/** What runs without another connection in between: a simple query, or an extended batch up to its Sync or Flush. */
export interface Unit {
  readonly connection: Connection;
  readonly messages: readonly Buffer[];
  readonly effects: readonly Effects[];
  /** Ends with ReadyForQuery; a batch cut at a Flush does not, and keeps the session until it does. */
  readonly complete: boolean;
  /** Uses the unnamed statement of an earlier batch. */
  readonly needsUnnamed: boolean;
  readonly parsesUnnamed: boolean;
}

export interface ConnectionEvents {
  unit(unit: Unit): void;
  /** The client said goodbye; what it sent before still runs. */
  terminate(connection: Connection): void;
}

const authenticationTimeoutMs = 10_000;
const authenticationOk = message('R', int32(0));
const cleartextPassword = message('R', int32(3));
const readyForQuery = message('Z', Buffer.from('I'));
const parameters = Object.entries({
  server_version: '18.6',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  TimeZone: 'GMT',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
}).map(([name, value]) => message('S', cstring(name), cstring(value)));

/** One client of the gateway: its socket, who it is, and what its session would hold. */
export class Connection {
  readonly statements: Statements;
  readonly channels = new Set<string>();
  /** What the client asked for when it connected. */
  startup: ReadonlyMap<string, string> = new Map();
  /** What is in force for it now. */
  settings: ReadonlyMap<string, string> = new Map();
  /** A command of the running transaction may have changed the settings. */
  touched = false;
  closed = false;

  readonly #id: number;
  readonly #socket: Socket;
  readonly #password: string;
  readonly #events: ConnectionEvents;
  readonly #framer = new Framer();
  #phase: 'startup' | 'password' | 'ready' | 'leaving' = 'startup';
  #batch: Buffer[] = [];
  #effects: Effects[] = [];
  #needsUnnamed = false;
  #parsesUnnamed = false;

  constructor(id: number, socket: Socket, password: string, events: ConnectionEvents) {
    this.#id = id;
    this.#socket = socket;
    this.#password = password;
    this.#events = events;
    this.statements = new Statements(id);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    const impatient = setTimeout(() => this.#phase !== 'ready' && socket.destroy(), authenticationTimeoutMs).unref();
    socket.once('close', () => clearTimeout(impatient));
  }

  write(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Says why and hangs up. */
  end(code: string, reason: string): void {
    this.#phase = 'leaving';
    if (!this.#socket.destroyed) this.#socket.end(errorResponse(code, reason));
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroySoon();
  }

  #receive(chunk: Buffer): void {
    this.#framer.push(chunk);
    try {
      while (this.#phase !== 'leaving' && this.#step());
    } catch (error) {
      if (!(error instanceof ProtocolViolation || error instanceof RangeError)) throw error;
      this.end('08P01', `protocol violation: ${error.message}`);
    }
  }

  #step(): boolean {
    const bytes = this.#phase === 'startup' ? this.#framer.startup() : this.#framer.next();
    if (!bytes) return false;
    if (this.#phase === 'startup') this.#start(bytes);
    else if (this.#phase === 'password') this.#authenticate(bytes);
    else this.#take(bytes);
    return true;
  }

  #start(body: Buffer): void {
    const startup = readStartup(body);
    if (startup.kind === 'encryption') return this.write(Buffer.from('N'));
    if (startup.kind === 'cancel') return this.destroy();
    if (startup.user !== 'postgres') return this.end('28000', `role "${startup.user}" may not connect`);
    this.startup = startup.settings;
    this.settings = startup.settings;
    this.#phase = 'password';
    this.write(cleartextPassword);
  }

  #authenticate(bytes: Buffer): void {
    const given = typeOf(bytes) === 'p' ? Buffer.from(readCstring(bytes, 5)[0]) : Buffer.alloc(0);
    const expected = Buffer.from(this.#password);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return this.end('28P01', 'password authentication failed');
    this.#phase = 'ready';
    this.write(
      Buffer.concat([authenticationOk, ...parameters, message('K', int32(this.#id), int32(0)), readyForQuery]),
    );
  }

  #take(received: Buffer): void {
    const type = typeOf(received);
    if (type === 'X') {
      this.#phase = 'leaving';
      return this.#events.terminate(this);
    }
    // The database itself would end at a message that it does not know.
    if (!'QPBEDCSHF'.includes(type)) throw new ProtocolViolation(`a message of type ${JSON.stringify(type)}`);
    const { bytes, effects, parses, binds } = this.statements.translate(received);
    if (binds && !this.#parsesUnnamed) this.#needsUnnamed = true;
    if (parses) this.#parsesUnnamed = true;
    if (effects) this.#effects.push(effects);
    this.#batch.push(bytes);
    if (type === 'Q' || type === 'S') this.#flush(true);
    else if (type === 'H') this.#flush(false);
  }

  #flush(complete: boolean): void {
    const unit: Unit = {
      connection: this,
      messages: this.#batch,
      effects: this.#effects,
      complete,
      needsUnnamed: this.#needsUnnamed,
      parsesUnnamed: this.#parsesUnnamed,
    };
    this.#batch = [];
    this.#effects = [];
    this.#needsUnnamed = false;
    this.#parsesUnnamed = false;
    this.#events.unit(unit);
  }
}
