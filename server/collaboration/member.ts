import type { CloseReason } from './closeCodes.js';

/** A connection that follows a draft. */
export interface Member {
  /** Id of whose connection it is. */
  readonly person: string;
  send(message: Uint8Array): void;
  /** Says what the draft reads, to one who wants to hear more than the protocol says. */
  compare(message: Uint8Array): void;
  close(reason: CloseReason): void;
  /** Is cut off soon unless it answers: another connection says it is the same window, come back. */
  prove(): void;
  /** Whether it may still cost so many steps; see `workOf`. */
  mayCost(steps: number): boolean;
}
