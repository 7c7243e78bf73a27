import { EventEmitter } from 'node:events';
import { Redis } from 'ioredis';
import type { EventBus, LiveEvent } from '#engine/graph/events.js';
import { coalesce } from './coalesce.js';

/** The organization is part of every name: nobody can listen to another's by mistake. */
const channelOf = (organizationId: string): string => `events:${organizationId}`;

type Listener = (event: LiveEvent) => void;

/** Listeners of one process. One that throws hurts nobody else: an event is a courtesy, and a lost one is mended by the next reload. */
function createHub(): {
  deliver(organizationId: string, event: LiveEvent): void;
  subscribe: EventBus['subscribe'];
  clear(): void;
} {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    deliver(organizationId, event) {
      for (const listener of emitter.listeners(channelOf(organizationId)) as Listener[]) {
        try {
          listener(event);
        } catch {
          // The publisher is a run: it must not fail because a browser's socket did.
        }
      }
    },
    subscribe(organizationId, listener) {
      const channel = channelOf(organizationId);
      emitter.on(channel, listener);
      return () => void emitter.off(channel, listener);
    },
    clear: () => void emitter.removeAllListeners(),
  };
}

/** The bus of one process: what is published is heard in the same process. */
export function createLocalBus(): EventBus {
  const hub = createHub();
  const out = coalesce(hub.deliver);
  return {
    publish: out.publish,
    subscribe: hub.subscribe,
    async close() {
      out.flush();
      hub.clear();
    },
  };
}

/** Events that come within this time travel together: below what an eye tells apart, and one write to a socket instead of a dozen. */
const TOGETHER_MS = 10;

/** The bus of many processes, over Redis pub/sub. While Redis is away events are dropped, never queued: clients reload after a gap. */
export function createRedisBus(redisUrl: string, onError: (error: Error) => void = () => {}): EventBus {
  const publisher = new Redis(redisUrl, { maxRetriesPerRequest: 0, enableOfflineQueue: false });
  // ioredis subscribes again by itself when it has reconnected.
  const subscriber = new Redis(redisUrl, { maxRetriesPerRequest: null });
  publisher.on('error', onError);
  subscriber.on('error', onError);
  const hub = createHub();
  const counts = new Map<string, number>();
  subscriber.on('message', (channel: string, text: string) => {
    const organizationId = channel.slice('events:'.length);
    for (const event of JSON.parse(text) as LiveEvent[]) hub.deliver(organizationId, event);
  });

  const leaving = new Map<string, LiveEvent[]>();
  let timer: NodeJS.Timeout | null = null;
  const leave = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (publisher.status === 'ready' && leaving.size > 0) {
      const together = publisher.pipeline();
      for (const [organizationId, events] of leaving) {
        together.publish(channelOf(organizationId), JSON.stringify(events));
      }
      together.exec().catch(onError);
    }
    leaving.clear();
  };
  const out = coalesce((organizationId, event) => {
    leaving.set(organizationId, [...(leaving.get(organizationId) ?? []), event]);
    timer ??= setTimeout(leave, TOGETHER_MS);
  });
  return {
    publish: out.publish,
    subscribe(organizationId, listener) {
      const channel = channelOf(organizationId);
      const stop = hub.subscribe(organizationId, listener);
      const count = counts.get(channel) ?? 0;
      counts.set(channel, count + 1);
      if (count === 0) subscriber.subscribe(channel).catch(onError);
      let stopped = false;
      return () => {
        if (stopped) return;
        stopped = true;
        stop();
        const left = (counts.get(channel) ?? 1) - 1;
        if (left > 0) return void counts.set(channel, left);
        counts.delete(channel);
        subscriber.unsubscribe(channel).catch(onError);
      };
    },
    async close() {
      out.flush();
      leave();
      await publisher.quit().catch(() => {});
      publisher.disconnect();
      subscriber.disconnect();
      hub.clear();
    },
  };
}
