/** Where bytes are kept in this browser, by key, in the order they came. */
export interface UpdateStore {
  append(key: string, update: Uint8Array): Promise<void>;
  read(key: string): Promise<Uint8Array[]>;
  clear(key: string): Promise<void>;
  /** Keys that begin so and keep something. */
  keys(prefix: string): Promise<string[]>;
}

const STORE = 'updates';

let browser: UpdateStore | undefined;

/** What is kept in this browser, opened when it is first asked for: that takes a while the first time. */
export const browserUpdates = (): UpdateStore => (browser ??= openUpdateStore());

/** The browser's own database. */
export function openUpdateStore(name = 'unsent-edits'): UpdateStore {
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { autoIncrement: true }).createIndex('key', 'key');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB did not open'));
  });
  // Whoever appends is told; until then nobody has to be.
  opened.catch(() => {});
  const within = async (mode: IDBTransactionMode, work: (store: IDBObjectStore) => void): Promise<void> => {
    const transaction = (await opened).transaction(STORE, mode);
    work(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
    });
  };
  return {
    append: (key, update) => within('readwrite', (store) => void store.add({ key, update })),
    async read(key) {
      const found: Uint8Array[] = [];
      await within('readonly', (store) => {
        store.index('key').getAll(key).onsuccess = ({ target }) => {
          for (const { update } of (target as IDBRequest<{ update: Uint8Array }[]>).result) found.push(update);
        };
      });
      return found;
    },
    async keys(prefix) {
      const found: string[] = [];
      await within('readonly', (store) => {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        store.index('key').openKeyCursor(range, 'nextunique').onsuccess = ({ target }) => {
          const cursor = (target as IDBRequest<IDBCursor | null>).result;
          if (!cursor) return;
          found.push(String(cursor.key));
          cursor.continue();
        };
      });
      return found;
    },
    clear: (key) =>
      within('readwrite', (store) => {
        store.index('key').openKeyCursor(key).onsuccess = ({ target }) => {
          const cursor = (target as IDBRequest<IDBCursor | null>).result;
          if (!cursor) return;
          store.delete(cursor.primaryKey);
          cursor.continue();
        };
      }),
  };
}
