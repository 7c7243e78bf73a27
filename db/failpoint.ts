/**
 * Places between which a process can die: before and after every commit, every announcement to the queue, every job and every call to the outside.
 * The chaos suite strikes each of them and says in its report how often (`tests/chaos`).
 */
export const failpoints = [
  // The webhook: what arrived is committed, announced, and only then acknowledged.
  'inbox.commit.before',
  'inbox.commit.after',
  // What callers of the API write.
  'tenant.commit.before',
  'tenant.commit.after',
  // Jobs: added to the queue, taken from it, and finished there.
  'queue.add.before',
  'queue.add.after',
  'queue.take',
  'queue.finish',
  // Workers: the beat that says they are alive, every transaction, runs admitted, runs taken up, what runs write, where they come to rest.
  'lease.beat.before',
  'lease.beat.after',
  'transaction.commit.before',
  'transaction.commit.after',
  'admission.commit.before',
  'admission.commit.after',
  'claim.commit.before',
  'claim.commit.after',
  'journal.commit.before',
  'journal.commit.after',
  'checkpoint.commit.before',
  'checkpoint.commit.after',
  'run.settle.before',
  'run.settle.after',
  // Effects: intent, the message's own row, the call, the outcome.
  'effect.intend.before',
  'effect.intend.after',
  'message.commit.before',
  'message.commit.after',
  'outbound.call.before',
  'outbound.call.after',
  'effect.settle.before',
  'effect.settle.after',
] as const;
export type Failpoint = (typeof failpoints)[number];

type Strike = (name: Failpoint) => Promise<void> | undefined;

let strike: Strike | undefined;

/**
 * Does nothing, at the cost of one comparison, unless a test has loaded a module into this process that armed it: no request, no setting and no
 * tenant's data can. What it gives is to be awaited if it gives anything.
 */
export const failpoint = (name: Failpoint): Promise<void> | undefined => strike?.(name);

/** For the chaos suite alone: product code never calls it, which `tests/contracts/failpoints.test.ts` holds. */
export function armFailpoints(given: Strike): void {
  strike = given;
}

/** `work` between the two failpoints of its name. */
export async function between<T>(before: Failpoint, work: () => PromiseLike<T>, after: Failpoint): Promise<T> {
  if (!strike) return work();
  await failpoint(before);
  const result = await work();
  await failpoint(after);
  return result;
}
