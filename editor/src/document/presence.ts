import type { Awareness } from 'y-protocols/awareness';
import { z } from 'zod';
import { share } from './share.js';

const place = z.object({ x: z.number(), y: z.number() });

/** What a person shows of themselves. Name and id are put in by the server; what a browser says of them is not believed. */
const presence = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  /** Where their pointer is, in the canvas's own coordinates; absent when it is elsewhere. */
  cursor: place.nullish().catch(null),
  /** The container whose body they have open; `null` at the top. */
  level: z.string().nullish().catch(null),
  selection: z.array(z.string()).max(1_000).default([]).catch([]),
  /** The field they are in. */
  field: z.object({ nodeId: z.string(), path: z.string() }).nullish().catch(null),
  /** Where nodes are that they are dragging. They are moved when they are dropped. */
  dragging: z.record(z.string(), place).nullish().catch(null),
});
export type Presence = z.infer<typeof presence>;
export interface Peer extends Presence {
  /** One for each window. */
  readonly clientId: number;
}

/** The others in a document, and what this person shows them. */
export interface PresenceStore {
  /** The same array until somebody moves; each peer the same object until they do. */
  getPeers(): readonly Peer[];
  subscribe(listener: () => void): () => void;
  /** What this person shows. */
  mine(): Partial<Omit<Presence, 'user'>>;
  /** Changes what is given and leaves the rest. */
  show(changes: Partial<Omit<Presence, 'user'>>): void;
  destroy(): void;
}

export function createPresence(awareness: Awareness): PresenceStore {
  let peers: readonly Peer[] = [];
  const listeners = new Set<() => void>();
  const read = (): void => {
    const next = [...awareness.getStates()]
      .filter(([clientId]) => clientId !== awareness.clientID)
      .flatMap(([clientId, state]) => {
        const parsed = presence.safeParse(state);
        return parsed.success ? [{ clientId, ...parsed.data }] : [];
      })
      .toSorted((a, b) => a.clientId - b.clientId);
    const known = new Map(peers.map((peer) => [peer.clientId, peer]));
    const shared = share(
      peers,
      next.map((peer) => share(known.get(peer.clientId), peer)),
    );
    if (shared === peers) return;
    peers = shared;
    for (const listener of listeners) listener();
  };
  awareness.on('change', read);
  read();
  return {
    getPeers: () => peers,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    mine: () => awareness.getLocalState() ?? {},
    show: (changes) => awareness.setLocalState({ ...awareness.getLocalState(), ...changes }),
    destroy() {
      awareness.off('change', read);
      listeners.clear();
    },
  };
}
