import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { WebsocketProvider } from 'y-websocket';
import { Acknowledgements, type SocketConstructor } from './acknowledged.js';
import type { EarlySocket } from './earlySocket.js';
import { RESTORED, type UnsentEdits } from './unsentEdits.js';

export type ConnectionState =
  /** The first word of the server has not arrived. What was kept here may be on the screen already. */
  | 'connecting'
  | 'connected'
  /** The connection is lost and is being made again; edits are kept here meanwhile. */
  | 'offline'
  /**
   * Here the draft reads otherwise than at the server, although each has all that the other has, or what was done here can never be taken
   * there: it has to be opened anew.
   */
  | 'astray'
  /** Signed out, the right was taken away, the department is gone, or an edit was refused: it ends here. */
  | 'signedOut'
  | 'forbidden'
  | 'gone'
  | 'refused';

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Nothing of what was done here is waiting for the server's word that it is on disk. */
  readonly saved: boolean;
  /** The server takes no edits from this person. */
  readonly readOnly: boolean;
}

export interface ConnectionSettings {
  /** `wss://host/api/v1/collaboration` */
  readonly address: string;
  readonly departmentId: string;
  /** A fresh access token or ticket; `null` when signed out. */
  readonly token: () => Promise<string | null>;
  /** Asks over HTTP why the server does not let in; only when it refuses again and again. */
  readonly whyRefused?: () => Promise<'forbidden' | 'gone' | null>;
  /** Where edits wait while the server does not answer; without it they live as long as the page. */
  readonly unsent?: UnsentEdits;
  readonly WebSocket?: SocketConstructor;
  /** The connection to begin with, opened before this page was there. */
  readonly early?: EarlySocket | null;
  /** Whether the draft here reads as the server says it does; asked when each has all that the other has. Not compared without. */
  readonly reads?: (fingerprint: string) => Promise<boolean>;
  /** Milliseconds without an answer after which edits are also kept in `unsent`. */
  readonly patienceMs?: number;
  /**
   * Milliseconds after which whoever edits under this document's id is somebody else: the server finds out within two seconds whether it is
   * only what was left of this window's connection before.
   */
  readonly takenForMs?: number;
}

export interface Connection {
  readonly awareness: Awareness;
  /** For `useSyncExternalStore`. */
  getStatus(): ConnectionStatus;
  subscribe(listener: () => void): () => void;
  /** Tries now instead of when its time comes: the network is back, the window is looked at again. */
  retry(): void;
  close(): void;
}

/** Close codes of the server; see `server/collaboration/closeCodes.ts`. */
const reasons: Readonly<Record<number, ConnectionState>> = {
  4403: 'forbidden',
  4404: 'gone',
  4413: 'refused',
  4429: 'refused',
};
const SESSION_OVER = 4401;
/** What was sent is no edit of a draft. */
const NO_EDIT = 4400;
/** Another connection edits under the id of this document: this window itself, before its network went, or somebody who took it. */
const TAKEN = 4510;
const TRIES_BEFORE_ASKING = 2;

/** Keeps a document in step with the server until it is closed. */
export async function connectDocument(doc: Y.Doc, settings: ConnectionSettings): Promise<Connection> {
  const { departmentId, unsent, patienceMs = 250, takenForMs = 6_000 } = settings;
  const kept = unsent ? await unsent.restore(doc, departmentId) : false;
  let early = settings.early ?? null;
  // Read before anybody listens: a draft that came whole is not written out again for those who would pass it on. What was kept is shown without it.
  if (early && !kept) {
    await early.answered;
    const state = early.takeState();
    if (state) Y.applyUpdate(doc, state, RESTORED);
  }
  const listeners = new Set<() => void>();
  let status: ConnectionStatus = { state: 'connecting', saved: !kept, readOnly: false };
  let closed = false;
  let refusals = 0;
  let takenSince: number | null = null;

  const acknowledgements = new Acknowledgements(settings.WebSocket ?? WebSocket, () => {
    const socket = early?.take() ?? null;
    early = null;
    return socket;
  });
  const provider = new WebsocketProvider(settings.address, departmentId, doc, {
    connect: false,
    disableBc: true,
    WebSocketPolyfill: acknowledgements.WebSocket as typeof WebSocket,
    shouldReconnect: () => false,
  });
  const stopFollowing = followClientId(doc, provider.awareness);
  let astray = false;
  /** What is here can never be taken to the server: none of it is kept, or it would be sent and refused again as often as the draft is opened. */
  let hopeless = false;
  const forget = async (): Promise<void> => {
    hopeless = true;
    clearTimeout(timer);
    await unsent?.clear(departmentId);
  };
  const leave = (): void => {
    if (closed) return;
    closed = true;
    hopeless = true;
    provider.disconnect();
    set({ state: 'astray' });
  };
  const compare = async (theirs: string): Promise<void> => {
    // What is on its way is compared when it is there.
    if (!settings.reads || !provider.synced || !(status.readOnly ? !dirty : acknowledgements.isComplete())) return;
    if (await settings.reads(theirs)) return;
    astray = true;
    if (status.readOnly) leave();
    else await settle();
  };
  acknowledgements.listen(provider, {
    onChange: () => void settle(),
    onReadOnly: () => set({ readOnly: true }),
    onShown: (fingerprint) => void compare(fingerprint),
  });
  let dirty = kept;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (changes: Partial<ConnectionStatus>): void => {
    const next = { ...status, ...changes };
    if (next.state === status.state && next.saved === status.saved && next.readOnly === status.readOnly) return;
    status = next;
    for (const listener of listeners) listener();
  };
  /** After each word of the server: has everything arrived? */
  const settle = async (): Promise<void> => {
    if (!provider.synced || !acknowledgements.isComplete()) return set({ saved: !dirty });
    dirty = false;
    clearTimeout(timer);
    timer = undefined;
    set({ saved: true });
    await unsent?.clear(departmentId);
    if (astray && !dirty) leave();
  };
  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === provider) return;
    dirty = true;
    set({ saved: false });
    // While answers come quickly nothing is written here; once they do not, every edit is.
    if (!unsent || hopeless) return;
    if (status.state === 'connected' && !unsent.isKeeping(departmentId))
      timer ??= setTimeout(() => dirty && unsent.keep(doc, departmentId), patienceMs);
    else unsent.keep(doc, departmentId, update);
  };
  doc.on('update', onUpdate);

  const open = async (): Promise<void> => {
    const token = await settings.token().catch(() => undefined);
    if (closed) return;
    if (token === null) return set({ state: 'signedOut' });
    if (token === undefined) return again();
    connect(token);
  };
  const connect = (token: string): void => {
    provider.params = { token, acknowledge: '1' };
    provider.connect();
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    if (closed) return;
    clearTimeout(waiting);
    waiting = setTimeout(
      () => void open(),
      Math.min(10_000, 150 * 2 ** Math.min(refusals, 7)) * (0.5 + Math.random() / 2),
    );
  };
  provider.on('sync', (synced) => {
    if (!synced) return;
    refusals = 0;
    set({ state: 'connected' });
    void settle();
  });
  provider.on('connection-close', (event) => void lost(event?.code));
  const lost = async (code: number | undefined): Promise<void> => {
    const wasOpen = status.state === 'connected';
    provider.shouldConnect = false;
    if (closed) return;
    const reason = code === undefined ? undefined : reasons[code];
    takenSince = code === TAKEN ? (takenSince ?? Date.now()) : null;
    const never = code === NO_EDIT || (takenSince !== null && Date.now() - takenSince > takenForMs);
    if (never || reason === 'refused') await forget();
    if (never) return leave();
    if (reason) return set({ state: reason });
    set({ state: wasOpen || status.state === 'offline' || refusals > 0 ? 'offline' : 'connecting' });
    if (dirty) unsent?.keep(doc, departmentId);
    if (code !== SESSION_OVER) refusals += 1;
    if (refusals > TRIES_BEFORE_ASKING) {
      const why = await settings.whyRefused?.().catch(() => null);
      if (why && !closed) return set({ state: why });
    }
    again();
  };
  if (early) connect(early.token);
  else void open();

  return {
    awareness: provider.awareness,
    getStatus: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    retry() {
      if (closed || provider.wsconnected || provider.wsconnecting) return;
      refusals = 0;
      clearTimeout(waiting);
      void open();
    },
    close() {
      closed = true;
      clearTimeout(waiting);
      clearTimeout(timer);
      early?.drop();
      doc.off('update', onUpdate);
      stopFollowing();
      provider.destroy();
      listeners.clear();
    },
  };
}

/**
 * Yjs takes another id for a document when somebody else writes under its own. What is shown of this person goes on under the new one: y-websocket
 * looks for it there. Returns how to stop.
 */
function followClientId(doc: Y.Doc, awareness: Awareness): () => void {
  // Under which the first letter of a text is written is no id of this document (see `shareText`), but that is never somebody else's edit.
  const follow = ({ local }: Y.Transaction): void => {
    if (local || doc.clientID === awareness.clientID) return;
    const state = awareness.getLocalState();
    awareness.setLocalState(null);
    awareness.clientID = doc.clientID;
    awareness.setLocalState(state);
  };
  doc.on('afterTransactionCleanup', follow);
  return () => doc.off('afterTransactionCleanup', follow);
}
