import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Locale } from '#nodes/sdk/text.js';
import type * as Y from 'yjs';
import type { Definition, DepartmentView, PublicNode } from '../api/types.js';
import type { Connection, ConnectionStatus } from '../document/connection.js';
import type { History } from '../document/history.js';
import type { NodeKinds } from '../document/kinds.js';
import type { Peer, PresenceStore } from '../document/presence.js';
import type { DocumentStore } from '../document/store.js';
import type { Checker } from '../problems/Checker.js';
import type { UiState, UiStore } from './uiState.js';

/** Everything an open editor holds. One for each visit of the page; its parts never change. */
export interface EditorSession {
  readonly departmentId: string;
  readonly doc: Y.Doc;
  readonly store: DocumentStore;
  readonly history: History;
  readonly connection: Connection;
  readonly presence: PresenceStore;
  readonly ui: UiStore;
  readonly checker: Checker;
  readonly nodeTypes: readonly PublicNode[];
  readonly types: ReadonlyMap<string, PublicNode>;
  readonly kinds: NodeKinds;
  readonly locale: Locale;
  /** May look and comment, and change nothing. */
  readonly readOnly: boolean;
  readonly department: DepartmentView;
}

const context = createContext<EditorSession | null>(null);
export const EditorSessionProvider = context.Provider;

export function useSessionOf(): EditorSession {
  const found = useContext(context);
  if (!found) throw new Error('Part of the editor outside an editor');
  return found;
}

export const useUi = <Value>(pick: (state: UiState) => Value): Value => useStore(useSessionOf().ui, pick);

/** The department as it reads now. */
export function useDefinition(): Definition {
  const { store } = useSessionOf();
  return useSyncExternalStore(store.subscribe, () => store.getSnapshot().definition);
}

export function useNode(id: string | null): Definition['nodes'][number] | undefined {
  const { store } = useSessionOf();
  const subscribe = useMemo(
    () => (listener: () => void) => (id ? store.subscribeNode(id, listener) : () => undefined),
    [store, id],
  );
  return useSyncExternalStore(subscribe, () => (id ? store.getNode(id) : undefined));
}

export function useConnection(): ConnectionStatus {
  const { connection } = useSessionOf();
  return useSyncExternalStore(connection.subscribe, connection.getStatus);
}

/** Everybody else who has the department open. */
export function usePeers(): readonly Peer[] {
  const { presence } = useSessionOf();
  return useSyncExternalStore(presence.subscribe, presence.getPeers);
}

/** What a person calls a step. */
export const titleOf = (
  session: Pick<EditorSession, 'types' | 'locale'>,
  node: { title?: string | undefined; type: string },
): string => node.title || (session.types.get(node.type)?.title[session.locale] ?? node.type);
