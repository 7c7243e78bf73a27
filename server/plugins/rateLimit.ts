import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { ApiError } from '../errors.js';
import { addressKey } from './callerAddress.js';
import { createMemoryCounters, createSharedCounters, type Counters } from './counters.js';

const MINUTE = 60_000;

/** A smaller limit of one route, for an address in a minute. */
interface RouteLimit {
  readonly max: number;
  /** Also with RATE_LIMIT=0: it stands between somebody's password and whoever guesses. */
  readonly always: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    rateLimit?: RouteLimit;
    /** Costs far more than a look into the database: runs, searches, exports, calls to others. */
    cost?: 'expensive';
  }
  interface FastifyInstance {
    /** Failed tries, shared between processes. Apart from requests, whose number must not push these out of memory. */
    attemptCounters: Counters;
  }
  interface FastifyRequest {
    /** What has been counted for this request, for the headers of its answer. */
    quotas: Quota[];
  }
}

interface Quota {
  readonly name: string;
  readonly max: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

interface Limit {
  readonly name: string;
  readonly key: string;
  readonly max: number;
}

/** How much of RATE_LIMIT one caller may use for each kind of request. */
const shares = { read: 1, write: 1 / 2, expensive: 1 / 4 } as const;

/** A smaller limit for one route, a minute and address. */
export const perMinute = (max: number, always?: 'always'): RouteLimit => ({ max, always: always === 'always' });

/**
 * Limits by address, counted before anything else is looked at, so that refused requests count too; then by organization and by
 * caller, a person or a key, for reading, writing and what is expensive apart. Register it after `authenticate`. Answers say what is left in the fields of draft-ietf-httpapi-ratelimit-headers-11.
 * @param perMinute RATE_LIMIT; 0 is without limit
 */
export function limitRates(
  app: FastifyInstance,
  { perMinute: most, redis }: { perMinute: number; redis: Redis | null },
): void {
  const counters = redis ? createSharedCounters(redis, 'limits:') : createMemoryCounters();
  app.decorate('attemptCounters', redis ? createSharedCounters(redis, 'attempts:') : createMemoryCounters());
  app.decorateRequest('quotas');

  const count = async (request: FastifyRequest, limits: readonly Limit[]): Promise<void> => {
    const counts = await counters.count(limits.map(({ key }) => ({ key, windowMs: MINUTE, by: 1 })));
    const quotas = limits.map(({ name, max }, index) => {
      const { count: used = 0, resetMs = MINUTE } = counts[index] ?? {};
      return { name, max, over: used > max, remaining: Math.max(0, max - used), resetSeconds: seconds(resetMs) };
    });
    request.quotas.push(...quotas);
    const over = quotas.filter((quota) => quota.over);
    if (over.length === 0) return;
    throw new ApiError('rate_limited', { retryAfterSeconds: Math.max(...over.map((quota) => quota.resetSeconds)) });
  };

  app.addHook('onRequest', (request, _reply, done) => {
    request.quotas = [];
    const address = addressKey(request.ip);
    const limits: Limit[] = [];
    if (most > 0) limits.push({ name: 'address', key: `address:${address}`, max: most });
    const { url, config } = request.routeOptions;
    const own = config.rateLimit;
    if (own && (own.always || most > 0)) limits.push({ name: 'auth', key: `auth:${url}:${address}`, max: own.max });
    if (limits.length === 0) return done();
    // Fastify goes on when what it is given is settled.
    return count(request, limits);
  });

  // `authenticate` is registered before: it has said who calls.
  app.addHook('preValidation', async (request) => {
    const { session } = request;
    if (!session || most === 0) return;
    const { organizationId, apiKey, userId } = session;
    const kind = kindOf(request);
    const caller = apiKey ? `key:${apiKey.id}` : `person:${userId}`;
    await count(request, [
      { name: 'organization', key: `organization:${organizationId}`, max: most },
      { name: kind, key: `${kind}:${organizationId}:${caller}`, max: Math.max(1, Math.floor(most * shares[kind])) },
    ]);
  });

  app.addHook('onSend', (request, reply, _payload, done) => {
    announceQuotas(reply, request.quotas);
    done();
  });
}

function kindOf({ method, routeOptions }: FastifyRequest): keyof typeof shares {
  if (routeOptions.config.cost) return 'expensive';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

function announceQuotas(reply: FastifyReply, quotas: readonly Quota[] | undefined): void {
  if (!quotas || quotas.length === 0) return;
  const policy = quotas.map(({ name, max }) => `"${name}";q=${max};w=${MINUTE / 1000}`);
  const left = quotas.map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`);
  reply.header('ratelimit-policy', policy.join(', ')).header('ratelimit', left.join(', '));
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
