/** What a provider takes under one key. Absent: only what it says itself (429) is heeded. */
export interface ProviderLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Calls at once from this process. */
  readonly concurrency?: number;
}

/** What counts for all workers together; `engine/limits` has it. */
export interface Counter {
  take(rates: readonly { key: string; everyMs: number; burst: number; cost?: number }[]): Promise<number>;
  hold(rate: { key: string; everyMs: number; burst: number }, ms: number): Promise<void>;
}

/** How much a provider takes under one key. */
export interface Room {
  /** 0: there is room, and `leave` gives it back; else the milliseconds after which to ask again. */
  enter(tokens: number): Promise<number>;
  leave(): void;
  /** The provider said that it is enough for so long: no worker asks it under this key until then. */
  hold(ms: number): Promise<void>;
}

const MINUTE_MS = 60_000;
/** With as many calls at once as there may be, one ends soon. */
const FULL_MS = 250;

/** Where no limit is known: how long a provider that takes more is taken to, in milliseconds. What it says to another worker reaches us by so much later. */
const BELIEVED_MS = 250;

/**
 * Requests and tokens are counted by the minute, a sixth of which may go at once. Tokens are what a call may use at most: what it leaves is lost, so a
 * limit is kept rather than used up.
 */
export function createRoom(name: string, limits: ProviderLimits, counter: Counter | undefined): Room {
  const { requestsPerMinute, tokensPerMinute, concurrency = Number.POSITIVE_INFINITY } = limits;
  const perMinute = (what: string, most: number) => ({
    key: `model:${name}:${what}`,
    everyMs: MINUTE_MS / most,
    burst: Math.max(1, Math.ceil(most / 6)),
  });
  const requests = requestsPerMinute ? perMinute('requests', requestsPerMinute) : null;
  const tokens = tokensPerMinute ? perMinute('tokens', tokensPerMinute) : null;
  // Counted even where no limit is known, so that the provider's own word has a place.
  const said = { key: `model:${name}:said`, everyMs: 1, burst: 10_000 };
  const isCounted = requests !== null || tokens !== null;
  let inside = 0;
  let openUntil = 0;
  let holds = 0;
  return {
    async enter(count) {
      if (inside >= concurrency) return FULL_MS;
      inside += 1;
      const [now, before] = [performance.now(), holds];
      if (!isCounted && now < openUntil) return 0;
      const wait = counter
        ? await counter
            .take([said, ...(requests ? [requests] : []), ...(tokens ? [{ ...tokens, cost: count }] : [])])
            .catch(() => 0)
        : 0;
      if (wait > 0) inside -= 1;
      else if (holds === before) openUntil = now + BELIEVED_MS;
      return wait;
    },
    leave: () => void (inside -= 1),
    async hold(ms) {
      openUntil = 0;
      holds += 1;
      await counter?.hold(said, ms).catch(() => undefined);
    },
  };
}
