/**
 * SQL: how many runs of an organization are on the queue or running, counted up to `most`. In the order of the index of those alone (`runs_active`), so that
 * even a plan made while the table was empty, for which every index is as good, does not go through all that the organization ever ran.
 * @param organization and @param most are SQL too
 */
export const underWay = (organization: string, most: string): string =>
  `(select count(*) from (select 1 from platform.runs r where r.organization_id = ${organization} and r.status in ('queued', 'running')
      and r.admitted_at is not null order by r.admitted_at limit ${most}) u)`;
