import { covered } from './axis.js';
import { wasRefused, type TimelineRow } from './rows.js';

/** What a run came to, in one line. */
export interface TimelineFacts {
  /** Milliseconds that something was being done, side by side counted once. */
  readonly workedMs: number;
  /** Milliseconds that it waited for somebody of the house. */
  readonly waitedForYouMs: number;
  /** Steps that were tried more than once. */
  readonly redone: number;
  /** Things that were done outside, each once. */
  readonly outside: number;
  readonly tokens: number;
  readonly micros: number;
}

export function factsOf(rows: readonly TimelineRow[]): TimelineFacts {
  const bars = rows.flatMap((row) => row.bars);
  return {
    workedMs: covered(bars.filter(({ kind }) => kind === 'work' || kind === 'failed')),
    waitedForYouMs: covered(bars.filter(({ kind }) => kind === 'you')),
    redone: rows.filter((row) => row.kind === 'step' && row.tries.length > 1).length,
    outside: rows
      .filter((row) => !wasRefused(row))
      .reduce((sum, row) => sum + row.effects.filter(({ state }) => state === 'done').length, 0),
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
    micros: rows.reduce((sum, row) => sum + row.micros, 0),
  };
}
