import { Redis } from 'ioredis';
import { BELIEVED_MS, type Caller, type Member, type SharedMemberships } from './memberships.js';

const CHANNEL = 'sessions:changed';

/** One hash for a session, so that its end takes all of it: who in which organization, and as what. */
const keyOf = (sessionId: string): string => `session:${sessionId}`;
const fieldOf = ({ userId, organizationId }: Caller): string => `${userId} ${organizationId}`;

/**
 * Sessions in Redis: what PostgreSQL said of each, for a moment, and the word that one has changed. Redis emptied or away costs a question to
 * PostgreSQL, never a session, and never brings an ended one back.
 */
export function createRedisMemberships(redis: Redis, url: string, onError: (error: Error) => void): RedisMemberships {
  const subscriber = new Redis(url, { maxRetriesPerRequest: null });
  subscriber.on('error', onError);
  subscriber.subscribe(CHANNEL).catch(onError);
  return {
    get: (caller) =>
      redis.hget(keyOf(caller.sessionId), fieldOf(caller)).then(
        (stored) => (stored ? (JSON.parse(stored) as Member) : null),
        () => null,
      ),
    set(caller, member) {
      const key = keyOf(caller.sessionId);
      redis
        .multi()
        .hset(key, fieldOf(caller), JSON.stringify(member))
        .pexpire(key, BELIEVED_MS)
        .exec()
        .catch(() => {});
    },
    announce(sessionIds) {
      if (sessionIds.length === 0) return;
      redis.multi().del(sessionIds.map(keyOf)).publish(CHANNEL, JSON.stringify(sessionIds)).exec().catch(onError);
    },
    onAnnounced(listener) {
      subscriber.on('message', (_, ids: string) => listener(JSON.parse(ids) as string[]));
    },
    close: () => subscriber.disconnect(),
  };
}

export interface RedisMemberships extends SharedMemberships {
  close(): void;
}
