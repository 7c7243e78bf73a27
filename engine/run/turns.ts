/** Lets one run begin to compute in each turn of the event loop; those that are `urgent` go first. Resolves when it may. */
export type Turns = (urgent: boolean) => Promise<void> | void;

/**
 * A statement that claims sixty runs answers all of them at once: without this they would all compute one after the other before anything else in the
 * process, a small organization's first run among it, got its turn. A turn of the loop costs some microseconds, a run some hundred.
 */
export function createTurns(): Turns {
  const waiting: Record<'urgent' | 'others', (() => void)[]> = { urgent: [], others: [] };
  let taken = false;
  const next = (): void => {
    const go = waiting.urgent.shift() ?? waiting.others.shift();
    taken = go !== undefined;
    if (!go) return;
    setImmediate(next);
    go();
  };
  return (urgent) => {
    if (!taken) {
      taken = true;
      setImmediate(next);
      return undefined;
    }
    return new Promise<void>((resolve) => waiting[urgent ? 'urgent' : 'others'].push(resolve));
  };
}
