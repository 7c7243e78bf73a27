import { Redis, type RedisOptions } from 'ioredis';

/**
 * What a server says that is another's replica by now: to a command that writes, and to whoever was waiting when it became one. Older ones say it within the error of a script.
 */
const replaced = /\bREADONLY\b|^UNBLOCKED\b/;

/**
 * A connection to Redis that connects anew when its server was replaced while the connection stayed; what was asked meanwhile fails, as when Redis is away.
 * @param onError told what breaks; nothing is thrown
 */
export function openRedis(url: string, onError: (error: Error) => void, options: RedisOptions = {}): Redis {
  const redis = new Redis(url, { reconnectOnError: ({ message }) => replaced.test(message), ...options });
  redis.on('error', onError);
  return redis;
}
