/** SQL: the department of the run `r` was paused or let go. Who tries a draft, or chats with it, is answered all the same. */
export const STANDS_STILL = `exists (select 1 from platform.departments d join platform.department_versions v on v.id = r.version_id
  where d.id = r.department_id and d.status = 'paused' and v.number > 0)`;

/**
 * SQL: the run `r` has not begun and its department stands still, so that it waits until that goes on. What has begun ends; a rehearsal does nothing outside.
 * One that would answer a customer does not wait: their messages do, and are answered together.
 */
export const HELD_BACK = `case when r.started_at is null and not r.rehearsal and (r.conversation_id is null or r.parent_run_id is not null)
  then ${STANDS_STILL} else false end`;
