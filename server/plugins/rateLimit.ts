import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { ApiError } from '../errors.js';

const MINUTE = 60_000;

/**
 * Limits by address, counted before anything else is looked at, so that refused requests count too. Shared through Redis when there
 * is one; while it is away requests pass, because the limit protects the service and must not stop it.
 */
export async function limitRates(
  app: FastifyInstance,
  { perMinute, redis }: { perMinute: number; redis: Redis | null },
): Promise<void> {
  await app.register(rateLimit, {
    global: perMinute > 0,
    max: perMinute,
    timeWindow: MINUTE,
    hook: 'onRequest',
    skipOnError: true,
    ...(redis && { redis, nameSpace: 'limits:' }),
    errorResponseBuilder: () => new ApiError('rate_limited'),
  });
}

/** A smaller limit for one route, a minute and address. */
export const perMinute = (max: number) => ({ max, timeWindow: MINUTE });

/** Failed tries for one name, wherever they come from: ten in a quarter of an hour, then nobody may try until it has passed. */
export function limitFailures(app: FastifyInstance, nameOf: (request: FastifyRequest) => string) {
  const check = app.createRateLimit({
    max: 10,
    timeWindow: 15 * MINUTE,
    keyGenerator: (request) => `failures:${nameOf(request)}`,
  });
  return {
    /** Throws `rate_limited` when there were too many. */
    async check(request: FastifyRequest): Promise<void> {
      const state = await check(request, { increment: false });
      // The counter is read, not raised: at the limit already means over it.
      if (!state.isAllowed && state.remaining === 0) {
        throw new ApiError('rate_limited', { retryAfterSeconds: state.ttlInSeconds });
      }
    },
    async record(request: FastifyRequest): Promise<void> {
      await check(request);
    },
  };
}
