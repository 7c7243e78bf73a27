export interface Lane {
  /** Has it looked at soon: with others that were added while a look was under way. */
  add(id: string): void;
  /** Resolves when everything added so far was looked at. */
  idle(): Promise<void>;
  /** Resolves when no look is under way, and none begins until what it gives is called. */
  hold(): Promise<() => void>;
}

interface LaneOptions {
  /** Most that one look takes in. */
  readonly atOnce: number;
  readonly onError: (error: unknown) => void;
}

/** One look at a time at what was added. What a look that failed was for is not looked at again. */
export function createLane(look: (ids: readonly string[]) => Promise<void>, { atOnce, onError }: LaneOptions): Lane {
  const dirty = new Set<string>();
  let working: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** After everything that came before. */
  const inTurn = (go: () => Promise<void>): Promise<void> => {
    const done = last.then(go).catch(onError);
    last = done;
    return done;
  };
  const next = (): Promise<void> => {
    const ids = [...dirty].slice(0, atOnce);
    for (const id of ids) dirty.delete(id);
    return look(ids);
  };
  const work = async (): Promise<void> => {
    while (dirty.size > 0) await inTurn(next);
    // At once, so that whoever adds now finds nobody at it.
    working = null;
  };
  return {
    add(id) {
      dirty.add(id);
      working ??= work();
    },
    idle: () => working ?? Promise.resolve(),
    hold: () =>
      new Promise((holds) => {
        void inTurn(() => new Promise((release) => holds(release)));
      }),
  };
}
