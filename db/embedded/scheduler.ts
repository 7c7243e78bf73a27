import type { Connection, Unit } from './connection.js';
import type { Session } from './session.js';

/** How long a connection may sit in an open transaction, doing nothing, while others wait for the one session. */
const idleInTransactionMs = 30_000;

type Work = Unit | { connection: Connection; terminate: true };

/**
 * Decides whose turn it is on the one session. Units run in the order they came; an open transaction keeps the session for its
 * connection until it ends, or until the connection does.
 */
export class Scheduler {
  readonly #session: Session;
  readonly #onDeath: (error: Error) => void;
  readonly #connections = new Set<Connection>();
  readonly #gone: Connection[] = [];
  #queue: Work[] = [];
  /** The connection whose transaction, or unfinished batch, is open. */
  #owner: Connection | null = null;
  #running = false;
  #work: Promise<void> = Promise.resolve();
  #impatience: NodeJS.Timeout | null = null;

  constructor(session: Session, onDeath: (error: Error) => void) {
    this.#session = session;
    this.#onDeath = onDeath;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  /** The socket is closed: what was not answered yet is not run, and an open transaction is rolled back. */
  remove(connection: Connection): void {
    connection.closed = true;
    this.#connections.delete(connection);
    this.#queue = this.#queue.filter((work) => work.connection !== connection);
    this.#gone.push(connection);
    this.#start();
  }

  push(work: Work): void {
    this.#queue.push(work);
    this.#start();
  }

  /** Resolves when what runs now has ended and nothing is left to run. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Hands a notification to every connection that listens to its channel. */
  notify(channel: string, bytes: Buffer): void {
    for (const connection of this.#connections) if (connection.channels.has(channel)) connection.write(bytes);
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#impatience) clearTimeout(this.#impatience);
    this.#work = this.#drain().then(
      () => this.#rest(),
      // The queue stays stopped: this session will not be used again.
      (error: unknown) => this.#onDeath(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #drain(): Promise<void> {
    for (;;) {
      const gone = this.#takeGone();
      const work = gone ? null : this.#take();
      if (gone) await this.#release(gone);
      else if (!work) return;
      else if ('terminate' in work) work.connection.destroy();
      else await this.#run(work);
    }
  }

  /** Nothing can run: either all is done, or the owner of an open transaction keeps everyone waiting. */
  #rest(): void {
    this.#running = false;
    const owner = this.#owner;
    if (!owner || this.#queue.length === 0) return;
    const reason = 'idle in a transaction for 30 s while others waited for the embedded database';
    this.#impatience = setTimeout(() => owner.end('25P03', reason), idleInTransactionMs).unref();
  }

  async #run(unit: Unit): Promise<void> {
    const { connection } = unit;
    const result = await this.#session.run(unit, this.#owner === null);
    if ('refused' in result) {
      // Whatever it sent after this one counted on it.
      this.#queue = this.#queue.filter((work) => work.connection !== connection);
      return connection.end(result.code, result.refused);
    }
    this.#owner = result.status === 'I' ? null : connection;
    if (this.#owner === null) await this.#session.listenTo(this.#channels());
    connection.write(result.bytes);
  }

  async #release(connection: Connection): Promise<void> {
    await this.#session.release(connection, this.#owner === connection);
    this.#owner = null;
    await this.#session.listenTo(this.#channels());
  }

  /** A connection that has gone is cleaned up at once if the session is its own, else when nobody's transaction is open. */
  #takeGone(): Connection | undefined {
    const owner = this.#owner;
    if (!owner) return this.#gone.shift();
    const at = this.#gone.indexOf(owner);
    return at < 0 ? undefined : this.#gone.splice(at, 1)[0];
  }

  #take(): Work | undefined {
    const owner = this.#owner;
    const seen = new Set<Connection>();
    const at = this.#queue.findIndex((work) => {
      const first = !seen.has(work.connection);
      seen.add(work.connection);
      return first && (!owner || work.connection === owner || 'terminate' in work);
    });
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  #channels(): Set<string> {
    const all = new Set<string>();
    for (const connection of this.#connections) for (const channel of connection.channels) all.add(channel);
    return all;
  }
}
