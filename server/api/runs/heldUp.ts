import type { RunStatus } from '#engine/graph/statuses.js';
import { HELD_BACK } from '#engine/worker/heldBack.js';
import type { HeldUp } from './schemas.js';

/** Most runs counted of those that go before one. */
const MOST_AHEAD = 1_000;

/** SQL: columns of the run `r` that say why it rests, nothing of one that does not. */
export const heldUpColumns = `case r.status when 'queued' then case when r.held or ${HELD_BACK} then 'paused' when r.not_before > now() then 'hour' else 'turn' end
    when 'waiting' then case when r.unseen_answers > 0 then 'conversation' end end as "heldUp",
  case when r.status = 'queued' then r.not_before end as "notBefore",
  case when r.status = 'waiting' and r.unseen_answers > 0 then
    (select o.id from platform.runs o where o.conversation_id = r.conversation_id and o.status in ('queued', 'running')) end as "behind",
  case when r.status = 'queued' then (select count(*)::int from (select 1 from platform.runs o where o.organization_id = r.organization_id
    and o.status in ('queued', 'running') and o.admitted_at is not null and o.id <> r.id order by o.admitted_at limit ${MOST_AHEAD}) u) end as "ahead"`;

export interface HeldUpRow {
  readonly status: RunStatus;
  readonly heldUp: HeldUp['reason'] | null;
  readonly notBefore: Date | null;
  /** The run of its conversation that is at work. */
  readonly behind: string | null;
  readonly ahead: number | null;
}

export function presentHeldUp({ heldUp: reason, notBefore, behind, ahead }: HeldUpRow): HeldUp | null {
  // Answered, with nobody in the way: it goes on at this very moment.
  if (reason === null || (reason === 'conversation' && behind === null)) return null;
  return {
    reason,
    until: reason === 'hour' ? (notBefore?.toISOString() ?? null) : null,
    runId: behind,
    ahead: reason === 'turn' ? (ahead ?? 0) : 0,
  };
}
