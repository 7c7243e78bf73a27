/** SQL: this department was paused or let go. Who tries a draft, or chats with it, is answered all the same. */
export const standsStill = (departmentId: string, versionId: string): string =>
  `exists (select 1 from platform.departments d join platform.department_versions v on v.id = ${versionId}
  where d.id = ${departmentId} and d.status = 'paused' and v.number > 0)`;

/** SQL: the department of the run `r` stands still. */
export const STANDS_STILL = standsStill('r.department_id', 'r.version_id');

/** SQL: the run `r` must not begin, as its department stands still. What has begun ends; a rehearsal does nothing outside. */
export const MUST_NOT_BEGIN = `case when r.started_at is null and not r.rehearsal then ${STANDS_STILL} else false end`;
