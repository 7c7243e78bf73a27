import * as decoding from 'lib0/decoding';
import type { WebsocketProvider } from 'y-websocket';

/** Types of messages of the y-websocket protocol, and those that are ours: the server sends them to whoever asks with `acknowledge=1`. */
const SYNC = 0;
const SYNC_STEP_1 = 0;
/** Followed by how many edits of this connection are on disk. */
const ACKNOWLEDGED = 100;
/** The server takes no edits on this connection. */
const READ_ONLY = 101;
/** Followed by the fingerprint of the draft as the server reads it, with everything that it said before. */
const SHOWN = 102;

export type SocketConstructor = new (address: string, protocols?: string | string[]) => WebSocket;

/** Counts the edits that go to the server and hears which of them it has on disk. */
export class Acknowledgements {
  /** To be given to the provider: a new one begins to count at nothing, as the server does. */
  readonly WebSocket: SocketConstructor;
  #sent = 0;
  #acknowledged = 0;

  /** @param first the socket to begin with, when there is one already */
  constructor(Base: SocketConstructor, first: () => WebSocket | null = () => null) {
    const open = (address: string, protocols?: string | string[]): WebSocket => {
      const socket = first() ?? new Base(address, protocols);
      [this.#sent, this.#acknowledged] = [0, 0];
      const send = socket.send.bind(socket);
      socket.send = (data) => {
        if (isEdit(data)) this.#sent += 1;
        send(data);
      };
      return socket;
    };
    // What a constructor returns is what `new` gives.
    this.WebSocket = function (address: string, protocols?: string | string[]) {
      return open(address, protocols);
    } as unknown as SocketConstructor;
  }

  isComplete = (): boolean => this.#acknowledged >= this.#sent;

  listen(
    provider: WebsocketProvider,
    { onChange, onReadOnly, onShown }: { onChange(): void; onReadOnly(): void; onShown(fingerprint: string): void },
  ): void {
    provider.messageHandlers[ACKNOWLEDGED] = (_encoder, decoder) => {
      this.#acknowledged = decoding.readVarUint(decoder);
      onChange();
    };
    provider.messageHandlers[READ_ONLY] = onReadOnly;
    provider.messageHandlers[SHOWN] = (_encoder, decoder) => onShown(decoding.readVarString(decoder));
  }
}

function isEdit(data: unknown): boolean {
  if (!(data instanceof Uint8Array)) return false;
  const decoder = decoding.createDecoder(data);
  return decoding.readVarUint(decoder) === SYNC && decoding.readVarUint(decoder) !== SYNC_STEP_1;
}
