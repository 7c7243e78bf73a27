import { openUpdateStore, type UpdateStore } from './updateStore.js';

/** How many departments have edits of this person in this browser that the server never got. */
export async function countUnsent(userId: string, store: UpdateStore = openUpdateStore()): Promise<number> {
  return (await store.keys(`${userId} `)).length;
}

/** Erases them. */
export async function forgetUnsent(userId: string, store: UpdateStore = openUpdateStore()): Promise<void> {
  for (const key of await store.keys(`${userId} `)) await store.clear(key);
}
