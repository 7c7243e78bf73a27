import type { LiveEvent } from '#engine/graph/events.js';

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
}

export interface Arrived<Item> {
  readonly id: string;
  readonly provider: 'whatsapp' | 'simulator';
  readonly receivedAt: Date;
  readonly organizationId: string | null;
  readonly item: Item;
}
