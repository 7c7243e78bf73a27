import type { Redis } from 'ioredis';
import { openRedis } from '#db/redis.js';
import { BELIEVED_MS, type Caller, type Member, type SharedMemberships } from './memberships.js';

const CHANNEL = 'sessions:changed';

/** One hash for a session, so that its end takes all of it: who in which organization, and as what. */
const keyOf = (sessionId: string): string => `session:${sessionId}`;
const fieldOf = ({ userId, organizationId }: Caller): string => `${userId} ${organizationId}`;

/**
 * Sessions in Redis: what PostgreSQL said of each, for a moment, and the word that one has changed. Redis emptied or away costs a question to
 * PostgreSQL, never a session, and never brings an ended one back.
 */
export function createRedisMemberships(
  redis: Redis,
  url: string,
  onError: (error: Error) => void,
  believedMs = BELIEVED_MS,
): RedisMemberships {
  const subscriber = openRedis(url, onError, { maxRetriesPerRequest: null });
  subscriber.subscribe(CHANNEL).catch(onError);
  return {
    async get(caller) {
      const key = keyOf(caller.sessionId);
      try {
        const [[, stored] = [], [, forMs] = []] =
          (await redis.multi().hget(key, fieldOf(caller)).pttl(key).exec()) ?? [];
        if (typeof stored !== 'string' || typeof forMs !== 'number' || forMs <= 0) return null;
        return { member: JSON.parse(stored) as Member, forMs };
      } catch {
        return null;
      }
    },
    set(caller, member) {
      const key = keyOf(caller.sessionId);
      redis
        .multi()
        .hset(key, fieldOf(caller), JSON.stringify(member))
        // Only the first answer sets the end: the next one must not lengthen the life of those before it.
        .pexpire(key, believedMs, 'NX')
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
