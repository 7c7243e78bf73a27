import * as Y from 'yjs';
import type { RawData, WebSocket } from 'ws';
import { closeCodes, Refused, type CloseReason } from './closeCodes.js';
import { Pace } from './limits.js';
import {
  acknowledgedMessage,
  missingMessage,
  presenceMessage,
  readMessage,
  readOnlyMessage,
  stateMessage,
  type PresenceEntry,
} from './messages.js';
import { stamped, type Identity } from './presence.js';
import type { Member } from './member.js';
import type { Room } from './room.js';

/** Proxies close what is silent for a minute; a browser that misses a ping is gone. */
const PING_MS = 25_000;
/** One of whom somebody else says it is them, come back, answers within this, in milliseconds, or is cut. */
const PROVE_MS = 2_000;
/** Bytes that a connection may leave unread. */
const MOST_UNREAD = 16_000_000;
/** A connection that does not answer that it is closed is cut after this, in milliseconds. */
const CUT_AFTER_MS = 50;

export interface Visitor {
  readonly user: Identity;
  /** Others only look: what they send is applied nowhere and told to nobody. */
  readonly mayEdit: boolean;
  /** They want to hear what is on disk. */
  readonly acknowledge: boolean;
}

/** Lets a connection into a room until it ends. Everything is attached before this returns: nothing may be missed. */
export function enter(socket: WebSocket, room: Room, visitor: Visitor): { close(reason: CloseReason): void } {
  const connection = new Connection(socket, room, visitor);
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data) => connection.hear(data));
  socket.on('ping', () => connection.pinged());
  socket.on('error', () => socket.terminate());
  const stop = keepAlive(socket);
  socket.on('pong', () => connection.proved());
  socket.on('close', () => {
    stop();
    connection.left();
  });
  connection.greet();
  return connection;
}

function keepAlive(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

class Connection implements Member {
  readonly #pace = new Pace();
  /** The window behind this connection, once it has shown itself. */
  #client: number | null = null;
  #closing = false;
  #proving: NodeJS.Timeout | undefined;
  /** Edits in the order they came: whether each is on disk. Those before `#acknowledged` are. */
  readonly #stored: boolean[] = [];
  #acknowledged = 0;
  #acknowledging = false;

  constructor(
    readonly socket: WebSocket,
    readonly room: Room,
    readonly visitor: Visitor,
  ) {}

  greet(): void {
    this.room.members.add(this);
    if (this.visitor.acknowledge && !this.visitor.mayEdit) this.send(readOnlyMessage());
    this.send(stateMessage(Y.encodeStateVector(this.room.doc)));
    const entries = this.room.presence.all();
    if (entries.length > 0) this.send(presenceMessage(entries));
  }

  send(message: Uint8Array): void {
    if (this.#closing || this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MOST_UNREAD) return this.close('tooSlow');
    this.socket.send(message);
  }

  compare(message: Uint8Array): void {
    if (this.visitor.acknowledge) this.send(message);
  }

  close(reason: CloseReason): void {
    if (this.#closing) return;
    this.#closing = true;
    this.left();
    this.socket.close(closeCodes[reason], reason);
    setTimeout(() => this.socket.terminate(), CUT_AFTER_MS).unref();
  }

  get person(): string {
    return this.visitor.user.id;
  }

  prove(): void {
    if (this.#proving || this.#closing) return;
    this.#proving = setTimeout(() => this.socket.terminate(), PROVE_MS);
    this.socket.ping();
  }

  proved(): void {
    clearTimeout(this.#proving);
    this.#proving = undefined;
  }

  mayCost(steps: number): boolean {
    return this.#pace.work(steps);
  }

  left(): void {
    this.proved();
    this.room.leave(this);
    if (this.#client !== null && !this.room.isClosed) this.room.presence.leave(this.#client);
    this.#client = null;
  }

  hear(data: RawData): void {
    if (this.#closing) return;
    const bytes = data as Buffer;
    if (!this.#pace.message(bytes.length)) return this.close('tooMany');
    try {
      this.#answer(readMessage(bytes));
    } catch (error) {
      // Whatever one connection says, it must not end more than itself.
      if (!(error instanceof Refused)) this.room.deps.onError(error, 'a message was not understood');
      this.close(error instanceof Refused ? error.reason : 'refused');
    }
  }

  /** A ping is answered by itself: that costs too. */
  pinged(): void {
    if (!this.#closing && !this.#pace.message(0)) this.close('tooMany');
  }

  #answer(message: ReturnType<typeof readMessage>): void {
    if (message.kind === 'state') {
      if (!this.#pace.question()) return this.close('tooMany');
      this.send(missingMessage(missingIn(this.room, message.vector)));
      // They may have brought a draft of their own along.
      this.room.compareSoon();
    } else if (message.kind === 'queryPresence') {
      this.send(presenceMessage(this.room.presence.all()));
    } else if (message.kind === 'presence') {
      for (const entry of message.entries) this.#show(entry);
    } else if (this.visitor.mayEdit) {
      void this.#edit(message.update);
    }
  }

  async #edit(update: Uint8Array): Promise<void> {
    const index = this.#stored.push(false) - 1;
    try {
      // Read in place: the socket's buffer is used again.
      await this.room.submit(update.slice(), this.visitor.user.id, this);
      this.#stored[index] = true;
      this.#acknowledge();
    } catch (error) {
      if (!(error instanceof Refused)) this.room.deps.onError(error, 'an edit was not taken');
      this.close(error instanceof Refused ? error.reason : 'unavailable');
    }
  }

  /** Says up to which edit everything is on disk, once for all that arrive together. */
  #acknowledge(): void {
    if (!this.visitor.acknowledge || this.#acknowledging) return;
    this.#acknowledging = true;
    setImmediate(() => {
      this.#acknowledging = false;
      while (this.#stored[this.#acknowledged]) this.#acknowledged += 1;
      this.send(acknowledgedMessage(this.#acknowledged));
    });
  }

  /**
   * A browser repeats what it hears of others: only what a window says of itself counts, and whose it is says the server. One who may
   * not edit is not shown. It has one id at a time, another once it has let go of the first.
   */
  #show(entry: PresenceEntry): void {
    if (!this.visitor.mayEdit) return;
    if (this.#client === null) {
      if (entry.state === 'null' || this.room.presence.has(entry.client)) return;
      if (!this.room.reserve(entry.client, this)) return;
      this.#client = entry.client;
    }
    if (entry.client !== this.#client) return;
    this.room.show(stamped(entry, this.visitor.user));
    if (entry.state !== 'null') return;
    this.room.release(this.#client, this);
    this.#client = null;
  }
}

/** The vector of a document in which nothing is yet: it names no client. */
const hasNothing = (vector: Uint8Array): boolean => vector.length === 0 || (vector.length === 1 && vector[0] === 0);

function missingIn(room: Room, vector: Uint8Array): Uint8Array {
  if (hasNothing(vector)) return room.whole;
  try {
    return Y.encodeStateAsUpdate(room.doc, vector);
  } catch {
    throw new Refused('refused', 'no state of a document');
  }
}
