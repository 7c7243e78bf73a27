/**
 * Longest that results are handed out before everything else in the process gets its turn: sockets, timers, what is urgent. Decision 44 has what 1 ms
 * cost: runs that go on one by one share fewer statements.
 */
const SLICE_MS = 4;

/** Hands out a result in its turn, in the order of the calls; what is `urgent` at once. */
export type Deliver = (give: () => void, urgent?: boolean) => void;

/**
 * A statement that sixty runs share answers all of them at once, and each goes on from there: without this they would all compute one after the other
 * before anything else in the process got its turn, the answer that a small organization's first run waits for among it.
 */
export function createDeliveries(now: () => number = () => performance.now()): Deliver {
  const waiting: (() => void)[] = [];
  let working = false;
  let began = 0;
  const slice = (): void => {
    began = now();
    next();
  };
  const next = (): void => {
    const give = waiting.shift();
    working = give !== undefined;
    if (!give) return;
    give();
    // A tick that a microtask asks for comes when no microtask is left: when whoever was given something has gone as far as it can.
    queueMicrotask(() => process.nextTick(() => (now() - began < SLICE_MS ? next() : setImmediate(slice))));
  };
  return (give, urgent = false) => {
    if (urgent) return give();
    waiting.push(give);
    if (working) return;
    working = true;
    slice();
  };
}

/** The one of this process, which has one event loop. */
export const deliver: Deliver = createDeliveries();
