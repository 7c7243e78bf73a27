import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { nodesOf } from '#engine/graph/document/shape.js';
import { countUnsent, forgetUnsent } from './forgetEdits.js';
import { openDraft } from './openDraft.js';
import type { SocketConstructor } from './acknowledged.js';
import type { UpdateStore } from './updateStore.js';

/** Keeps like the browser does, in memory. */
function memoryStore(): UpdateStore & { size(): number } {
  const kept: { key: string; update: Uint8Array }[] = [];
  return {
    append: async (key, update) => void kept.push({ key, update }),
    read: async (key) => kept.flatMap((each) => (each.key === key ? [each.update] : [])),
    clear: async (key) => void kept.splice(0, kept.length, ...kept.filter((each) => each.key !== key)),
    keys: async (prefix) => [...new Set(kept.map(({ key }) => key))].filter((key) => key.startsWith(prefix)),
    size: () => kept.length,
  };
}

describe('without a connection', () => {
  it('edits are kept, and are there after a reload, for the same person only', async () => {
    const updates = memoryStore();
    const open = (person: string) =>
      openDraft('d', {
        address: 'ws://127.0.0.1:1/x',
        token: async () => null,
        person,
        updates,
        WebSocket: WebSocket as unknown as SocketConstructor,
      });
    const first = await open('ana');
    await expect.poll(first.connection.getStatus).toEqual({ state: 'signedOut', saved: true, readOnly: false });
    nodesOf(first.doc).set('a', new Y.Map([['type', 'x']]));
    nodesOf(first.doc).set('b', new Y.Map([['type', 'y']]));
    expect(first.connection.getStatus().saved).toBe(false);
    await expect.poll(updates.size).toBe(2);
    first.close();

    const again = await open('ana');
    expect(again.store.getSnapshot().definition.nodes.map(({ id, type }) => [id, type])).toEqual([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    expect(again.connection.getStatus().saved).toBe(false);
    expect(again.history.getState().canUndo).toBe(false);
    again.close();

    const other = await open('bia');
    expect(nodesOf(other.doc).size).toBe(0);
    other.close();
  });

  it('edits that were not sent are counted and erased for whoever signs out, and for nobody else', async () => {
    const updates = memoryStore();
    for (const key of ['ana house1 d1', 'ana house1 d1', 'ana house2 d2', 'anabel house1 d1'])
      await updates.append(key, new Uint8Array([1]));
    expect(await countUnsent('ana', updates)).toBe(2);
    await forgetUnsent('ana', updates);
    expect(await countUnsent('ana', updates)).toBe(0);
    expect(await countUnsent('anabel', updates)).toBe(1);
  });
});
