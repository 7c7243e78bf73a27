import { EventEmitter } from 'node:events';
import type { EventBus, LiveEvent } from '#engine/graph/events.js';
import { coalesce } from './coalesce.js';

/** The organization is part of every name: nobody can listen to another's by mistake. */
export const channelOf = (organizationId: string): string => `events:${organizationId}`;

type Listener = (event: LiveEvent) => void;

/** Listeners of one process. One that throws hurts nobody else: an event is a courtesy, and a lost one is mended by the next reload. */
export interface Hub extends Pick<EventBus, 'isHeard'> {
  subscribe(organizationId: string, listener: Listener): () => void;
  deliver(organizationId: string, event: LiveEvent): void;
  /** The same to all that listen, to whatever organization. */
  tellAll(event: LiveEvent): void;
  clear(): void;
}

export function createHub(): Hub {
  const emitter = new EventEmitter().setMaxListeners(0);
  const tell = (channel: string | symbol, event: LiveEvent): void => {
    for (const listener of emitter.listeners(channel) as Listener[]) {
      try {
        listener(event);
      } catch {
        // The publisher is a run: it must not fail because a browser's socket did.
      }
    }
  };
  return {
    isHeard: (organizationId) => emitter.listenerCount(channelOf(organizationId)) > 0,
    deliver: (organizationId, event) => tell(channelOf(organizationId), event),
    tellAll(event) {
      for (const channel of emitter.eventNames()) tell(channel, event);
    },
    subscribe(organizationId, listener) {
      const channel = channelOf(organizationId);
      emitter.on(channel, listener);
      return () => void emitter.off(channel, listener);
    },
    clear: () => void emitter.removeAllListeners(),
  };
}

/** Whoever wants to know that an organization is heard. */
export function createHeard(): { tell(organizationId: string): void; onHeard: EventBus['onHeard'] } {
  const listeners = new Set<(organizationId: string) => void>();
  return {
    tell: (organizationId) => listeners.forEach((listener) => listener(organizationId)),
    onHeard(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The bus of one process: what is published is heard in the same process. */
export function createLocalBus(): EventBus {
  const hub = createHub();
  const heard = createHeard();
  const out = coalesce(hub.deliver);
  return {
    publish(organizationId, event) {
      if (hub.isHeard(organizationId)) out.publish(organizationId, event);
    },
    subscribe(organizationId, listener, onListening) {
      const first = !hub.isHeard(organizationId);
      const stop = hub.subscribe(organizationId, listener);
      if (first) heard.tell(organizationId);
      onListening?.();
      return stop;
    },
    isHeard: hub.isHeard,
    onHeard: heard.onHeard,
    async close() {
      out.flush();
      hub.clear();
    },
  };
}
