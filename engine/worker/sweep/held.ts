import type { Pool } from 'pg';
import { queryOf } from '../query.js';

/** Most runs of one department that go on with one look; the next look takes the rest. */
const AT_ONCE = 1_000;

/** Departments of which runs are held, from one to the next along the index, however many each has there. */
const HELD = `with recursive o(id) as (
    (select department_id from platform.runs where held and status = 'queued' order by department_id limit 1)
    union all select (select r.department_id from platform.runs r where r.held and r.status = 'queued' and r.department_id > o.id
      order by r.department_id limit 1) from o where o.id is not null),
  freed as materialized (select due.id from o join platform.departments d on d.id = o.id and d.status <> 'paused' cross join lateral (
    select r.id from platform.runs r where r.department_id = o.id and r.held and r.status = 'queued' order by r.id limit ${AT_ONCE}
    for no key update skip locked) due)`;

/** Lets go on what waited for its department, which is paused no longer. Whether it is paused again is seen when it is admitted. Returns the organizations to wake. */
export async function releaseHeld(engine: Pool): Promise<string[]> {
  const released = await queryOf(engine)<{ organizationId: string }>(
    `${HELD} update platform.runs r set held = false from freed where r.id = freed.id returning r.organization_id as "organizationId"`,
  );
  return [...new Set(released.map(({ organizationId }) => organizationId))];
}
