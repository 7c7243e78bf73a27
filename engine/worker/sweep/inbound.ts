import type { Pool } from 'pg';
import { queryOf } from '../query.js';

/** Most rows deleted at once, so that a day's worth holds no lock for long; the next look takes the rest. */
const AT_ONCE = 5_000;
/** Most rounds of one look. */
const MOST_ROUNDS = 20;

/**
 * How long what came from outside is remembered, so that a second delivery of it counts as known. Meta delivers again for up to 7 days what was not
 * acknowledged ("with decreasing frequency over the next 7 days": Webhooks, Getting Started); a day more is for clocks and for what waited on the
 * way. A message has its channel's id in `messages` besides, as long as that is kept.
 */
const KEPT = `interval '8 days'`;

/** Forgets events that were dealt with so long ago that they cannot come again. What was never dealt with stays. Returns how many. */
export async function forgetInbound(engine: Pool): Promise<number> {
  const query = queryOf(engine);
  let all = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    // Ids have the order of arrival: the oldest are found without an index of their own.
    const gone = await query(
      `delete from platform.inbound_events where id = any(array(
         select id from (select id, received_at from platform.inbound_events where processed_at is not null order by id limit ${AT_ONCE}) oldest
         where received_at < now() - ${KEPT})) returning 1`,
    );
    all += gone.length;
    if (gone.length < AT_ONCE) break;
  }
  return all;
}
