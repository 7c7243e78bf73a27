import type { Locale } from '#nodes/sdk/text.js';
import type { Query } from '../query.js';

export interface InboundChannel {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly kind: 'whatsapp' | 'simulator';
  /** The organization's. */
  readonly locale: Locale;
}

/** The channel that an event came through: a phone number answers for one organization only. */
export async function channelOf(
  query: Query,
  kind: 'whatsapp' | 'simulator',
  externalId: string,
): Promise<InboundChannel | null> {
  const rows = await query<InboundChannel>(
    `select c.id, c.organization_id as "organizationId", c.department_id as "departmentId", c.kind, o.locale
     from platform.channels c join platform.organizations o on o.id = c.organization_id where c.kind = $1 and c.external_id = $2`,
    [kind, externalId],
  );
  return rows[0] ?? null;
}
