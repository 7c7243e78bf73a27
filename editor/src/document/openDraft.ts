import * as Y from 'yjs';
import { connectDocument, type Connection, type ConnectionSettings } from './connection.js';
import { createHistory, type History } from './history.js';
import { createPresence, type PresenceStore } from './presence.js';
import { createDocumentStore, type DocumentStore } from './store.js';
import { keepUnsentEdits } from './unsentEdits.js';
import { browserUpdates, type UpdateStore } from './updateStore.js';

export interface DraftSettings extends Omit<ConnectionSettings, 'departmentId' | 'unsent'> {
  /** Who is signed in, in which organization: what they could not send is kept for them alone. */
  readonly person: string;
  /** Where that is kept; this browser's own database unless said. */
  readonly updates?: UpdateStore;
  readonly onError?: (error: unknown) => void;
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
  const connection = await connectDocument(doc, { ...settings, departmentId, unsent });
  const store = createDocumentStore(doc);
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
