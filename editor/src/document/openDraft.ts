import * as Y from 'yjs';
import { fingerprint } from '#engine/graph/document/fingerprint.js';
import { whenIdle } from '../editor/whenIdle.js';
import { connectDocument, type Connection, type ConnectionSettings } from './connection.js';
import { createHistory, type History } from './history.js';
import { createPresence, type PresenceStore } from './presence.js';
import { createDocumentStore, type DocumentStore } from './store.js';
import { keepUnsentEdits } from './unsentEdits.js';
import { browserUpdates, type UpdateStore } from './updateStore.js';

export interface DraftSettings extends Omit<ConnectionSettings, 'departmentId' | 'unsent' | 'reads'> {
  /** Who is signed in, in which organization: what they could not send is kept for them alone. */
  readonly person: string;
  /** Where that is kept; this browser's own database unless said. */
  readonly updates?: UpdateStore;
  readonly onError?: (error: unknown) => void;
  /** Hears whether the draft read here as at the server. It goes on as it is where this says so, and else ends as `astray`. */
  readonly compared?: (alike: boolean) => 'goOn' | 'end';
}

/** A draft that is open on a screen, in step with everybody else's. */
export interface Draft {
  readonly doc: Y.Doc;
  readonly store: DocumentStore;
  readonly history: History;
  readonly connection: Connection;
  readonly presence: PresenceStore;
  close(): void;
}

/** Opens the draft of a department. It may be empty until `connection` says `connected`. */
export async function openDraft(departmentId: string, settings: DraftSettings): Promise<Draft> {
  const doc = new Y.Doc();
  const updates = settings.updates ?? browserUpdates();
  const unsent = keepUnsentEdits(updates, settings.person, settings.onError);
  const known = new WeakMap<object, string>();
  let shown: DocumentStore | null = null;
  const reads = async (theirs: string): Promise<boolean> => {
    const definition = shown?.getSnapshot().definition;
    if (!definition) return true;
    await new Promise<void>((go) => whenIdle(go));
    const alike = fingerprint(definition, { known }) === theirs;
    return (settings.compared?.(alike) ?? (alike ? 'goOn' : 'end')) === 'goOn';
  };
  const connection = await connectDocument(doc, { ...settings, departmentId, unsent, reads });
  const store = (shown = createDocumentStore(doc));
  const history = createHistory(doc);
  const presence = createPresence(connection.awareness);
  return {
    doc,
    store,
    history,
    connection,
    presence,
    close() {
      presence.destroy();
      connection.close();
      history.destroy();
      store.destroy();
      doc.destroy();
    },
  };
}
