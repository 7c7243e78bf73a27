import type { Lease } from '#engine/run/lease.js';
import type { RunRow } from '#engine/run/rows.js';
import type { ConversationRecord } from '../conversation/record.js';
import type { OrganizationRecord } from '../organization.js';

/** All that a run needs to start or go on. */
export interface PreparedRun {
  readonly run: RunRow;
  readonly versionId: string;
  readonly organization: OrganizationRecord;
  readonly conversation: ConversationRecord | null;
  /** The run that the customer's messages are answered by, when it is not this one: this one repeats it. */
  readonly answers?: string;
  /** The channel's ids of the messages it answers, oldest first; empty when it goes on after a wait or a crash. */
  readonly taken: readonly string[];
  /** Under which it is claimed already: for the first time, and for nobody else's executor. */
  readonly claimedUnder?: Lease;
}
