import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import type { Traffic, TrafficQuery } from './schemas.js';

const HOUR_MS = 3_600_000;
/** Newest runs that are counted: their steps are read one by one. */
const MOST_RUNS = 20_000;

interface NodeRow {
  readonly nodeId: string;
  readonly count: number;
  readonly failures: number;
  readonly retried: number;
  readonly waiting: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}
interface WayRow {
  readonly nodeId: string;
  readonly port: string;
  readonly count: number;
}

/** What real runs took: no draft, no rehearsal, nobody in the simulator, and of a fork only what it executed itself. */
const counted = `counted as materialized (
  select r.id, r.status from platform.runs r join platform.department_versions v on v.id = r.version_id
  where r.department_id = $1 and v.number = $2 and r.created_at >= $3 and not r.rehearsal
    and not exists (select 1 from platform.conversations c join platform.channels h on h.id = c.channel_id
      where c.id = r.conversation_id and h.kind = 'simulator')
  order by r.id desc limit $4),
ended as materialized (
  select distinct on (s.run_id, s.path) s.node_id, s.status, s.port, s.attempt, s.duration_ms
  from counted join platform.run_steps s on s.run_id = counted.id
  where s.status <> 'skipped' and not s.recalled order by s.run_id, s.path, s.attempt desc)`;

/** How often each node of a version ran, failed and how long it took. Without a version, of the one that is live. Throws `not_found`. */
export const readTraffic = (
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  departmentId: string,
  query: TrafficQuery,
): Promise<Traffic> =>
  db.withOrganization(session, async (trx) => {
    const sql = queryOf(trx);
    const [department] = await sql<{ live: number | null }>(
      'select published_version as live from platform.departments where id = $1',
      [departmentId],
    );
    const version = query.version ?? found(department).live;
    const now = Date.now();
    const from = new Date(now - query.hours * HOUR_MS);
    const times = { from: from.toISOString(), to: new Date(now).toISOString() };
    if (version === null) return { version, ...times, runs: 0, failedRuns: 0, complete: true, nodes: [] };
    const values = [departmentId, version, from, MOST_RUNS + 1];
    const [total] = await sql<{ runs: number; failedRuns: number }>(
      `with ${counted} select count(*)::int as runs, count(*) filter (where status = 'failed')::int as "failedRuns" from counted`,
      values,
    );
    const nodes = await sql<NodeRow>(
      `with ${counted} select node_id as "nodeId", count(*) filter (where status <> 'waiting')::int as count,
         count(*) filter (where status = 'failed')::int as failures, count(*) filter (where attempt > 1)::int as retried,
         count(*) filter (where status = 'waiting')::int as waiting,
         percentile_cont(0.5) within group (order by duration_ms) filter (where status <> 'waiting') as "p50Ms",
         percentile_cont(0.95) within group (order by duration_ms) filter (where status <> 'waiting') as "p95Ms"
       from ended group by node_id order by node_id`,
      values,
    );
    const ways = await sql<WayRow>(
      `with ${counted} select node_id as "nodeId", port, count(*)::int as count from ended where port is not null
       group by node_id, port order by node_id, port`,
      values,
    );
    const { runs, failedRuns } = found(total);
    return {
      version,
      ...times,
      runs: Math.min(runs, MOST_RUNS),
      failedRuns,
      complete: runs <= MOST_RUNS,
      nodes: nodes.map((node) => ({
        ...node,
        ways: ways.filter(({ nodeId }) => nodeId === node.nodeId).map(({ port, count }) => ({ port, count })),
      })),
    };
  });
