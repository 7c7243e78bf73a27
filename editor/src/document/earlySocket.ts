import type { SocketConstructor } from './acknowledged.js';
import { browserUpdates } from './updateStore.js';

/** Messages of the y-websocket protocol that begin so are about the document: what one has, what the other lacks. */
const SYNC = 0;
const [STEP_1, STEP_2] = [0, 1];
/** What somebody says who has nothing yet: everything, please. */
const askAll = (): Uint8Array<ArrayBuffer> => Uint8Array.of(SYNC, STEP_1, 1, 0);
/** An answer that brings nothing: that it came counts. */
const nothingMissing = (): ArrayBuffer => Uint8Array.of(SYNC, STEP_2, 2, 0, 0).buffer;
/** Milliseconds after which nobody will come for it. */
const GIVEN_UP_AFTER = 30_000;

/**
 * A connection to a draft that was opened before there was a document to follow it with, and has asked for the draft already: the page's files
 * are on their way meanwhile. What it hears waits until somebody goes on with it.
 */
export class EarlySocket {
  readonly token: string;
  /** Settles once the draft is here, or will not come this way. */
  readonly answered: Promise<void>;
  readonly #socket: WebSocket;
  #heard: MessageEvent[] = [];
  #taken = false;
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: string, departmentId: string, token: string, Socket: SocketConstructor) {
    this.token = token;
    this.#socket = new Socket(`${address}/${departmentId}?${new URLSearchParams({ token, acknowledge: '1' })}`);
    this.#socket.binaryType = 'arraybuffer';
    const { signal } = this.#stop;
    this.answered = new Promise((resolve) => {
      this.#socket.addEventListener('open', () => this.#socket.send(askAll()), { once: true });
      this.#socket.addEventListener('message', this.#hear);
      this.#socket.addEventListener('message', (event) => isSync(event, STEP_2) && resolve());
      for (const end of ['close', 'error'] as const)
        this.#socket.addEventListener(end, () => resolve(), { once: true });
      signal.addEventListener('abort', () => resolve());
    });
    this.#timer = setTimeout(() => this.drop(), GIVEN_UP_AFTER);
  }

  #hear = (event: MessageEvent): void => void this.#heard.push(event);

  get #isOver(): boolean {
    return this.#taken || this.#socket.readyState > this.#socket.OPEN;
  }

  /**
   * The draft as it came, for a document in which nothing is yet, as an update of Yjs; `null` when it is not here. It is not said again to whoever
   * goes on, and neither is the question what such a document has.
   */
  takeState(): Uint8Array | null {
    const answer = this.#isOver ? undefined : this.#heard.find((event) => isSync(event, STEP_2));
    if (!answer) return null;
    const bytes = new Uint8Array(answer.data as ArrayBuffer);
    let at = 2;
    while ((bytes[at] ?? 0) & 0x80) at += 1;
    this.#heard = this.#heard
      .filter((event) => !isSync(event, STEP_1))
      .map((event) => (event === answer ? new MessageEvent('message', { data: nothingMissing() }) : event));
    return bytes.subarray(at + 1);
  }

  /** The socket itself, once, for whoever attaches to it before the turn ends; `null` when it has ended. */
  take(): WebSocket | null {
    if (this.#isOver) return null;
    this.#taken = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    const send = socket.send.bind(socket);
    // Asked already.
    socket.send = (data) => (isAskAll(data) ? void (socket.send = send) : send(data));
    queueMicrotask(() => {
      socket.removeEventListener('message', this.#hear);
      if (socket.readyState === socket.OPEN) socket.onopen?.(new Event('open'));
      for (const event of this.#heard.splice(0)) socket.onmessage?.(event);
    });
    return socket;
  }

  /** Nobody goes on with it. */
  drop(): void {
    clearTimeout(this.#timer);
    if (!this.#taken) this.#socket.close();
    this.#taken = true;
    this.#stop.abort();
  }
}

const isSync = ({ data }: MessageEvent, step: number): boolean => {
  const [kind, which] = data instanceof ArrayBuffer ? new Uint8Array(data) : [];
  return kind === SYNC && which === step;
};

const isAskAll = (data: unknown): boolean => {
  const asked = askAll();
  return data instanceof Uint8Array && data.length === asked.length && data.every((byte, at) => byte === asked[at]);
};

let early: { readonly whose: string; readonly socket: Promise<EarlySocket | null> } | null = null;

/** Where drafts are followed, for the page's own address. */
export const draftsAddress = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/collaboration`;

/** Begins to fetch the draft of a department whose editor is on its way. One at a time: who goes elsewhere goes without. */
export function fetchDraftEarly(person: string, departmentId: string, token: () => Promise<string | null>): void {
  const whose = `${person} ${departmentId}`;
  if (early?.whose === whose) return;
  void early?.socket.then((socket) => socket?.drop());
  const socket = token()
    .catch(() => null)
    .then((fresh) => (fresh === null ? null : new EarlySocket(draftsAddress(), departmentId, fresh, WebSocket)));
  early = { whose, socket };
  // Read before anything is shown, and slow to open.
  browserUpdates();
}

/** What was begun for them, once; `null` when nothing was. */
export async function takeEarlySocket(person: string, departmentId: string): Promise<EarlySocket | null> {
  if (early?.whose !== `${person} ${departmentId}`) return null;
  const { socket } = early;
  early = null;
  return socket;
}
