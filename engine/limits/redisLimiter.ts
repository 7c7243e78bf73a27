import { openRedis } from '#db/redis.js';
import { costOf, createLocalLimiter, type Limiter, type Rate } from './limiter.js';

/** One round trip, by Redis's own clock, so that clocks of workers that differ do not matter. ARGV: for each key everyMs, burst, cost; then how long one can wait. */
const TAKE = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
local wait, after = 0, {}
for i, key in ipairs(KEYS) do
  local every, burst, cost = tonumber(ARGV[i * 3 - 2]), tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  after[i] = math.max(tonumber(redis.call('GET', key) or now), now) + cost * every
  wait = math.max(wait, after[i] - burst * every - now)
end
if wait > tonumber(ARGV[#ARGV]) then return -math.ceil(wait) end
for i, key in ipairs(KEYS) do redis.call('SET', key, string.format('%.3f', after[i]), 'PX', math.max(1, math.ceil(after[i] - now))) end
return math.ceil(wait)`;
const HOLD = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
local till = now + ARGV[1] + (ARGV[3] - 1) * ARGV[2]
if tonumber(redis.call('GET', KEYS[1]) or 0) < till then redis.call('SET', KEYS[1], string.format('%.3f', till), 'PX', math.max(1, math.ceil(till - now))) end
return 0`;

interface Scripts {
  takeRates(keys: number, ...keysAndValues: (string | number)[]): Promise<unknown>;
  holdRate(key: string, ...values: number[]): Promise<unknown>;
}

/** A Redis that does not answer within this long counts as away. */
const COMMAND_MS = 1_000;

/** While Redis is away each process counts by itself: limits are looser by the number of processes, and the other side's own word holds. */
export function createRedisLimiter(url: string, onError: (error: Error) => void = () => {}): Limiter {
  const redis = openRedis(url, onError, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
  });
  // ioredis adds a command of our own as a method, which its type cannot know.
  const scripts = redis as unknown as Scripts;
  redis.defineCommand('takeRates', { lua: TAKE });
  redis.defineCommand('holdRate', { numberOfKeys: 1, lua: HOLD });
  // Before it is connected for the first time it is not away, only young.
  const begun = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, COMMAND_MS);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const local = createLocalLimiter();
  const named = (key: string): string => `limit:${key}`;
  const book = async (rates: readonly Rate[], withinMs: number): Promise<number> => {
    const values = rates.flatMap((rate) => [rate.everyMs, rate.burst, costOf(rate)]);
    await begun;
    try {
      return Number(await scripts.takeRates(rates.length, ...rates.map(({ key }) => named(key)), ...values, withinMs));
    } catch {
      return local.book(rates, withinMs);
    }
  };
  return {
    take: async (rates) => Math.abs(await book(rates, 0)),
    book,
    async hold(rate, ms) {
      await local.hold(rate, ms);
      await begun;
      await scripts.holdRate(named(rate.key), ms, rate.everyMs, rate.burst).catch(() => undefined);
    },
    async close() {
      redis.disconnect();
    },
  };
}
