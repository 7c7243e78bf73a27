import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../errorKinds.js';
import { ApiError } from '../errors.js';
import { addressKey } from './callerAddress.js';
import { createMemoryCounters, type Count, type Counted } from './counters.js';

const MINUTE = 60_000;
const QUARTER_HOUR = 15 * 60_000;
const DAY = 24 * 3_600_000;

/** What a wrong guess is answered with. Anything else that goes wrong is no guess. */
const wrong: ReadonlySet<ErrorCode> = new Set([
  'bad_credentials',
  'wrong_password',
  'wrong_code',
  'bad_passkey',
  'bad_token',
]);

export interface AttemptOptions {
  /** Sets these attempts apart from others: `login`, `totp`. */
  readonly name: string;
  /** Most in one window. */
  readonly max: number;
  /** A quarter of an hour unless said otherwise. */
  readonly windowMs?: number;
}

/**
 * Attempts at one thing (a code, a challenge, an address to write to), right or wrong, wherever they come from.
 * `take` throws `rate_limited` once there were `max`; it counts before anything is compared, so that many at once are no way around.
 */
export function limitAttempts(app: FastifyInstance, { name, max, windowMs = QUARTER_HOUR }: AttemptOptions) {
  return {
    async take(of: string): Promise<void> {
      const [count] = await app.attemptCounters.count([{ key: keyOf(name, of), windowMs, by: 1 }]);
      refuseOver(count, max);
    },
    /** The attempt was good: begin anew. */
    forget: (of: string): Promise<void> => app.attemptCounters.forget(keyOf(name, of)),
  };
}

export interface FailureOptions {
  readonly name: string;
  /** Whose secret is guessed at: an e-mail, an id. */
  readonly accountOf: (request: FastifyRequest) => string;
  /** Whether this person has signed in from this address before. */
  readonly isKnown?: (request: FastifyRequest) => Promise<boolean>;
}

/** Wrong guesses at one account from one address; at it from all strange addresses together; from one address at any account. */
const most = { pair: 10, account: 10, address: 50 } as const;

/**
 * Guesses at the secret of an account, in a quarter of an hour: 10 from one address, and 10 from all addresses together.
 * The second limit does not hold for an address that this person has signed in from before: nobody can be locked out from afar.
 * Anybody else whose account is under attack gets in by a new password through their mail (docs/decisions/0006).
 */
export function limitFailures(app: FastifyInstance, { name, accountOf, isKnown }: FailureOptions) {
  const keysOf = (request: FastifyRequest): [pair: string, address: string, account: string] => {
    const [account, address] = [accountOf(request).toLowerCase(), addressKey(request.ip)];
    return [
      keyOf(`${name}:pair`, `${account} ${address}`),
      keyOf(`${name}:address`, address),
      keyOf(`${name}:account`, account),
    ];
  };
  // Whom the database did not know is not asked for again within a minute: a flood must not become one of queries.
  const strangers = createMemoryCounters(10_000);
  const isAtHome = async (request: FastifyRequest, pair: string): Promise<boolean> => {
    if ((await app.attemptCounters.look(welcomeKey(name, accountOf(request), request.ip))) > 0) return true;
    if (!isKnown || (await strangers.look(pair)) > 0) return false;
    if (await isKnown(request)) return true;
    await strangers.count([{ key: pair, windowMs: MINUTE, by: 1 }]);
    return false;
  };
  const count = (keys: readonly string[], by: Counted['by']): Promise<Count[]> =>
    app.attemptCounters.count(keys.map((key) => ({ key, windowMs: QUARTER_HOUR, by })));

  return {
    /** Runs a guess. It counts before it is known to be wrong, so that many at once are no way around. Throws `rate_limited`. */
    async guard<T>(request: FastifyRequest, guess: () => Promise<T>): Promise<T> {
      const keys = keysOf(request);
      const [ofPair, ofAddress, ofAccount] = await count(keys, 1);
      refuseOver(ofPair, most.pair);
      refuseOver(ofAddress, most.address);
      if (isOver(ofAccount, most.account) && !(await isAtHome(request, keys[0]))) refuseOver(ofAccount, most.account);
      let isWrong = false;
      try {
        return await guess();
      } catch (error) {
        isWrong = error instanceof ApiError && wrong.has(error.code);
        throw error;
      } finally {
        if (!isWrong) await count(keys, -1);
      }
    },
  };
}

/** This person has just proved to be at this address, by their mail: for a day it is not counted with the strangers. */
export async function welcome(app: FastifyInstance, name: string, account: string, ip: string): Promise<void> {
  await app.attemptCounters.count([{ key: welcomeKey(name, account, ip), windowMs: DAY, by: 1 }]);
}

const welcomeKey = (name: string, account: string, ip: string): string =>
  keyOf(`${name}:welcome`, `${account.toLowerCase()} ${addressKey(ip)}`);

const isOver = (count: Count | undefined, max: number): count is Count => count !== undefined && count.count > max;

function refuseOver(count: Count | undefined, max: number): void {
  if (!isOver(count, max)) return;
  throw new ApiError('rate_limited', { retryAfterSeconds: Math.max(1, Math.ceil(count.resetMs / 1000)) });
}

/** Names of accounts are personal: what is counted is kept under their hash. */
const keyOf = (name: string, of: string): string =>
  `${name}:${createHash('sha256').update(of).digest('base64url').slice(0, 22)}`;
