import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { App } from '#server/appType.js';

/** Where drafts are followed: `ws://127.0.0.1:4321/api/v1/collaboration`. The server listens from then on. */
export async function listenForDrafts(app: App): Promise<string> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1/collaboration`;
}

/** The client that everybody has: y-websocket as it comes, with a document of its own. It does not come back by itself once it is closed. */
export interface PlainClient {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The close code, once the connection has ended. */
  readonly closed: Promise<number>;
  leave(): void;
}

export async function joinDraft(address: string, departmentId: string, token: string): Promise<PlainClient> {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(address, departmentId, doc, {
    connect: false,
    params: { token },
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
    shouldReconnect: () => false,
  });
  const closed = new Promise<number>((resolve) =>
    provider.on('connection-close', (event) => resolve(event?.code ?? 0)),
  );
  const synced = new Promise<void>((resolve) => provider.on('sync', (yes) => yes && resolve()));
  provider.connect();
  await Promise.race([synced, closed.then((code) => Promise.reject(new Error(`closed with ${code}`)))]);
  return {
    doc,
    provider,
    closed,
    leave() {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** A connection without manners: it says what it is told to. */
export interface RawClient {
  readonly socket: WebSocket;
  /** The close code, once the connection has ended. */
  readonly closed: Promise<number>;
  readonly received: Uint8Array[];
}

export async function dialDraft(address: string, departmentId: string, token: string): Promise<RawClient> {
  const socket = new WebSocket(`${address}/${departmentId}?token=${token}`);
  const received: Uint8Array[] = [];
  socket.on('message', (data) => received.push(new Uint8Array(data as Buffer)));
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(([code]) => Number(code));
  await once(socket, 'open');
  return { socket, received, closed };
}

/** The status that a connection is refused with. */
export async function refusalOf(address: string, departmentId: string, token: string): Promise<number> {
  const socket = new WebSocket(`${address}/${departmentId}?token=${token}`);
  socket.on('error', () => {});
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

const message = (...write: ((encoder: encoding.Encoder) => void)[]): Uint8Array =>
  encoding.encode((encoder) => write.forEach((each) => each(encoder)));
const number = (value: number) => (encoder: encoding.Encoder) => encoding.writeVarUint(encoder, value);
const bytes = (value: Uint8Array) => (encoder: encoding.Encoder) => encoding.writeVarUint8Array(encoder, value);
const text = (value: string) => (encoder: encoding.Encoder) => encoding.writeVarString(encoder, value);

/** Messages of the y-websocket protocol, well-formed or not as far as their parts are. */
export const say = {
  state: (vector: Uint8Array) => message(number(0), number(0), bytes(vector)),
  missing: (update: Uint8Array) => message(number(0), number(1), bytes(update)),
  update: (update: Uint8Array) => message(number(0), number(2), bytes(update)),
  presence: (client: number, clock: number, state: string) =>
    message(number(1), bytes(message(number(1), number(client), number(clock), text(state)))),
};

/** An update that does this to a draft as it is in `doc`, without doing it there. */
export function updateThat(doc: Y.Doc, perform: (doc: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const before = Y.encodeStateVector(copy);
  perform(copy);
  return Y.encodeStateAsUpdate(copy, before);
}

/** Parts in one list, each of which claims to have stood between its beginning and some other part, as no editor would have it. */
export function farApart(count: number): { doc: Y.Doc; update: Uint8Array } {
  const doc = new Y.Doc();
  const list = new Y.Array<number>();
  doc.clientID = 1_000_000;
  doc.getMap('nodes').set('a', list);
  list.insert(
    0,
    Array.from({ length: count }, () => 1),
  );
  const update = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, count);
    for (let index = 0; index < count; index += 1) {
      for (const value of [1, 1 + count - index, 0]) encoding.writeVarUint(encoder, value);
      encoding.writeUint8(encoder, 8 | 0x40);
      for (const value of [1_000_000, 1 + ((index * 7_919) % count), 1]) encoding.writeVarUint(encoder, value);
      encoding.writeAny(encoder, 1);
    }
    encoding.writeVarUint(encoder, 0);
  });
  return { doc, update };
}
