import * as Y from 'yjs';

import type { UpdateStore } from './updateStore.js';

/** Origin of what comes back from here: not an edit to undo. */
export const RESTORED = Symbol('restored');

/** Edits that the server has not acknowledged, kept through reloads, crashes and days without a network. */
export interface UnsentEdits {
  /** Puts what is kept into the document. True when there was something. */
  restore(doc: Y.Doc, departmentId: string): Promise<boolean>;
  isKeeping(departmentId: string): boolean;
  /** Keeps the whole document the first time, then each update. */
  keep(doc: Y.Doc, departmentId: string, update?: Uint8Array): void;
  clear(departmentId: string): Promise<void>;
}

/**
 * @param person whose edits these are: nobody else who signs in here gets them
 * @param onError the browser does not keep anything: no room, or a private window
 */
export function keepUnsentEdits(
  store: UpdateStore,
  person: string,
  onError: (error: unknown) => void = () => {},
): UnsentEdits {
  const keeping = new Set<string>();
  const keyOf = (departmentId: string): string => `${person} ${departmentId}`;
  let last: Promise<unknown> = Promise.resolve();
  const queue = (work: () => Promise<unknown>): Promise<void> => {
    const done = last.then(work).then(() => {}, onError);
    last = done;
    return done;
  };
  return {
    async restore(doc, departmentId) {
      let found: Uint8Array[] = [];
      await queue(async () => (found = await store.read(keyOf(departmentId))));
      if (found.length === 0) return false;
      keeping.add(departmentId);
      for (const update of found) {
        try {
          Y.applyUpdate(doc, update, RESTORED);
        } catch (error) {
          onError(error);
        }
      }
      return true;
    },
    isKeeping: (departmentId) => keeping.has(departmentId),
    keep(doc, departmentId, update) {
      if (keeping.has(departmentId) && !update) return;
      const bytes = keeping.has(departmentId) && update ? update : Y.encodeStateAsUpdate(doc);
      keeping.add(departmentId);
      void queue(() => store.append(keyOf(departmentId), bytes));
    },
    async clear(departmentId) {
      if (!keeping.delete(departmentId)) return;
      await queue(() => store.clear(keyOf(departmentId)));
    },
  };
}
