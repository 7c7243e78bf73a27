import { randomBytes } from 'node:crypto';
import { openRedis } from '#db/redis.js';

/** What one process tells the others about a draft that is open in several. */
export type RelayMessage =
  /** There is an edit with this number. */
  | { readonly kind: 'edit'; readonly number: number }
  | { readonly kind: 'presence'; readonly bytes: Uint8Array }
  /** The draft is gone. */
  | { readonly kind: 'gone' };

export interface Relay {
  publish(departmentId: string, message: RelayMessage): void;
  /** Hears what other processes publish. Returns how to stop. */
  subscribe(departmentId: string, listener: (message: RelayMessage) => void): () => void;
  close(): Promise<void>;
}

/** One process: there is nobody else to tell. */
export const localRelay: Relay = { publish: () => {}, subscribe: () => () => {}, close: async () => {} };

const channelOf = (departmentId: string): string => `draft:${departmentId}`;
const SENDER_BYTES = 8;
const kinds = ['edit', 'presence', 'gone'] as const;

/**
 * Redis pub/sub. What is lost while Redis is away is mended: an edit is on disk and found by the next one or the next look, presence is
 * said again every 15 s.
 */
export function createRedisRelay(redisUrl: string, onError: (error: unknown) => void): Relay {
  const me = randomBytes(SENDER_BYTES);
  const publisher = openRedis(redisUrl, onError, { maxRetriesPerRequest: 0, enableOfflineQueue: false });
  const subscriber = openRedis(redisUrl, onError, { maxRetriesPerRequest: null });
  const listeners = new Map<string, (message: RelayMessage) => void>();
  subscriber.on('messageBuffer', (channel: Buffer, data: Buffer) => {
    if (data.subarray(0, SENDER_BYTES).equals(me)) return;
    const message = decode(data.subarray(SENDER_BYTES));
    if (message) listeners.get(channel.toString())?.(message);
  });
  return {
    publish(departmentId, message) {
      if (publisher.status !== 'ready') return;
      publisher.publish(channelOf(departmentId), Buffer.concat([me, encode(message)])).catch(onError);
    },
    subscribe(departmentId, listener) {
      const channel = channelOf(departmentId);
      listeners.set(channel, listener);
      subscriber.subscribe(channel).catch(onError);
      return () => {
        if (listeners.get(channel) !== listener) return;
        listeners.delete(channel);
        subscriber.unsubscribe(channel).catch(onError);
      };
    },
    async close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

function encode(message: RelayMessage): Buffer {
  const kind = Buffer.from([kinds.indexOf(message.kind)]);
  if (message.kind === 'edit') return Buffer.concat([kind, Buffer.from(String(message.number))]);
  return message.kind === 'presence' ? Buffer.concat([kind, message.bytes]) : kind;
}

function decode(data: Buffer): RelayMessage | null {
  const kind = kinds[data[0] ?? -1];
  const rest = data.subarray(1);
  if (kind === 'edit') return { kind, number: Number(rest.toString()) };
  if (kind === 'presence') return { kind, bytes: new Uint8Array(rest) };
  return kind ? { kind } : null;
}
