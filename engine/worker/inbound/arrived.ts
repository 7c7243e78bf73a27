import type { LiveEvent } from '#engine/graph/events.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { NextRun } from '../conversation/nextRun.js';

/** What came of an event, as `inbound_events.outcome` says. `later`: left open, looked at again in a few seconds. */
export type Outcome =
  | 'run'
  | 'joined'
  | 'answered'
  | 'recorded'
  | 'duplicate'
  | 'status'
  | 'ignored'
  | 'no_channel'
  | 'unmatched'
  | 'later';

export interface Handled {
  readonly outcome: Outcome;
  readonly organizationId: string | null;
  /** Changes of the message that were taken in with it. */
  readonly edits?: readonly { readonly id: string; readonly item: unknown }[];
  /** Published after the commit. */
  readonly events: readonly LiveEvent[];
  /** Whom to admit, and when. */
  readonly wake?: { readonly notBefore: Date | null };
  /** The run that answers it. It is being written down: what came of that is known with the commit. `outcome` says what it is if nothing came of it. */
  readonly starting?: Starting;
  /** A run that was ended for the new one: its worker may stop. */
  readonly superseded?: string;
  /** Unless a run starts for it: the conversation whose run is under way and answers this too, if it does not end at this very moment. */
  readonly joined?: string;
}

export interface Starting {
  readonly runId: string;
  readonly started: Promise<NextRun | null>;
}

/** The channel that an event came through: a phone number answers for one organization only. */
export interface InboundChannel {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly kind: 'whatsapp' | 'simulator';
  /** The organization's. */
  readonly locale: Locale;
}

export interface Arrived<Item> {
  readonly id: string;
  readonly receivedAt: Date;
  readonly channel: InboundChannel | null;
  readonly item: Item;
}
