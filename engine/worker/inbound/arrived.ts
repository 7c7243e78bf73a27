import type { LiveEvent } from '#engine/graph/events.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { PreparedRun } from '../run/preparedRun.js';

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
  /** Published after the commit. */
  readonly events: readonly LiveEvent[];
  /** Whom to admit, and when. */
  readonly wake?: { readonly notBefore: Date | null };
  /** A run that is this worker's to begin after the commit. */
  readonly prepared?: PreparedRun;
  /** A run that was ended for the new one: its worker may stop. */
  readonly superseded?: string;
  /** The conversation whose run is under way and answers this too, if it does not end at this very moment. */
  readonly joined?: string;
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
