import * as Y from 'yjs';
import { edgesOf, nodesOf, settingsOf } from '#engine/graph/document/shape.js';
import { LocalEdit } from './localEdit.js';

/** Edits of one gesture that come this close together, in milliseconds, are undone as one. */
const TOGETHER_MS = 1_000;

export interface HistoryState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** What one person can take back: their own edits, newest first, whatever others have done since. */
export interface History {
  /** Takes the last edit back. Returns the ids of the nodes it concerned, to show where; `null` when there is none. */
  undo(): readonly string[] | null;
  redo(): readonly string[] | null;
  /** From `begin` to `end` everything is one step. */
  begin(): void;
  end(): void;
  /** For `useSyncExternalStore`: the same object until something changes. */
  getState(): HistoryState;
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

export function createHistory(doc: Y.Doc, togetherMs = TOGETHER_MS): History {
  const listeners = new Set<() => void>();
  let state: HistoryState = { canUndo: false, canRedo: false };
  let gesture: string | undefined;
  let open = 0;
  let fresh = false;
  const manager: Y.UndoManager = new Y.UndoManager([nodesOf(doc), edgesOf(doc), settingsOf(doc)], {
    trackedOrigins: new Set([LocalEdit]),
    captureTransaction({ origin, changedParentTypes }) {
      // The manager joins an edit to the one before it while that is younger than its timeout: this says which do.
      // An edit that changed nothing is no step, and must not make the next one part of the last.
      if (origin instanceof LocalEdit && changedParentTypes.size > 0) {
        const same = origin.gesture !== undefined && origin.gesture === gesture;
        manager.captureTimeout = open > 0 ? (fresh ? 0 : Infinity) : same ? togetherMs : 0;
        fresh = false;
        gesture = origin.gesture;
      }
      return true;
    },
  });

  const tell = (): void => {
    const next = { canUndo: manager.canUndo(), canRedo: manager.canRedo() };
    if (next.canUndo === state.canUndo && next.canRedo === state.canRedo) return;
    state = next;
    for (const listener of listeners) listener();
  };
  manager.on('stack-item-added', tell);
  manager.on('stack-item-popped', tell);
  manager.on('stack-cleared', tell);

  const step = (perform: () => unknown): readonly string[] | null => {
    const touched = new Set<string>();
    const nodes = nodesOf(doc);
    const watch = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
      for (const { path, changes } of events) {
        if (path.length > 0) touched.add(String(path[0]));
        else for (const key of changes.keys.keys()) touched.add(key);
      }
    };
    nodes.observeDeep(watch);
    const done = perform();
    nodes.unobserveDeep(watch);
    gesture = undefined;
    return done ? [...touched].filter((id) => nodes.has(id)) : null;
  };

  return {
    undo: () => step(() => manager.undo()),
    redo: () => step(() => manager.redo()),
    begin() {
      if (open === 0) fresh = true;
      open += 1;
    },
    end() {
      open = Math.max(0, open - 1);
      if (open === 0) gesture = undefined;
    },
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      manager.destroy();
      listeners.clear();
    },
  };
}
