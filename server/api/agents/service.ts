import type { Knex } from 'knex';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { Department } from '#db/models/department.js';
import { Organization } from '#db/models/organization.js';
import type { NodeDefinition } from '#engine/graph/definition.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import type { ListQuery, Page } from '../common.js';
import { isUuid, readCursor, toPage } from '../paging.js';
import type { AgentView } from './schemas.js';

interface Agent {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly node: NodeDefinition;
  readonly title: string;
}

interface Work {
  readonly departmentId: string;
  readonly nodeId: string;
  readonly runs: number;
  readonly failures: number;
  readonly medianMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

const isAgentKey = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && isUuid(value[0]) && typeof value[1] === 'string';

/** The nodes that think, of what is live in each department (of its draft before the first publish), with their work of the last 30 days. */
export async function listAgents(
  { db, nodeTypes }: Pick<AppDeps, 'db' | 'nodeTypes'>,
  session: Session,
  query: ListQuery,
): Promise<Page<AgentView>> {
  const after = readCursor(query, isAgentKey);
  return db.withOrganization(session, async (trx) => {
    const { locale } = found(await Organization.query(trx).select('locale').findById(session.organizationId));
    const titles = new Map(
      nodeTypes.filter(({ kind }) => kind === 'model').map(({ type, title }) => [type, title[locale as Locale]]),
    );
    const all = await thinkingNodes(trx, titles);
    const begin = after ? placeAfter(all, after) : 0;
    const rows = all.slice(begin, begin + 1 + query.limit);
    const work = await workOf(trx, [...new Set(rows.map(({ departmentId }) => departmentId))]);
    return toPage(
      rows,
      query.limit,
      (agent) => present(agent, work.get(`${agent.departmentId} ${agent.node.id}`)),
      ({ departmentId, node }) => [departmentId, node.id],
    );
  });
}

/** Where the next page begins: after that node or, if it is gone by now, with the next older department. */
function placeAfter(all: readonly Agent[], [departmentId, nodeId]: readonly [string, string]): number {
  const found = all.findIndex((agent) => agent.departmentId === departmentId && agent.node.id === nodeId);
  if (found >= 0) return found + 1;
  const next = all.findIndex((agent) => agent.departmentId < departmentId.toLowerCase());
  return next >= 0 ? next : all.length;
}

async function thinkingNodes(trx: Knex.Transaction, titles: ReadonlyMap<string, string>): Promise<Agent[]> {
  const departments = await Department.query(trx).whereNull('dismissedAt').orderBy('id', 'desc');
  const versions = await DepartmentVersion.query(trx)
    .alias('v')
    .join('platform.departments as d', (on) => on.on('d.id', 'v.departmentId').andOn('d.publishedVersion', 'v.number'))
    .select('v.departmentId', 'v.definition');
  const live = new Map(versions.map(({ departmentId, definition }) => [departmentId, definition]));
  return departments.flatMap(({ id, name, draft }) =>
    (live.get(id) ?? draft).nodes
      .filter((node) => titles.has(node.type))
      .map((node) => ({
        departmentId: id,
        departmentName: name,
        node,
        title: node.title ?? titles.get(node.type) ?? '',
      })),
  );
}

async function workOf(trx: Knex.Transaction, departmentIds: readonly string[]): Promise<ReadonlyMap<string, Work>> {
  if (departmentIds.length === 0) return new Map();
  const rows = await queryOf(trx)<Work>(
    `select r.department_id as "departmentId", s.node_id as "nodeId", count(*)::int as runs,
       (count(*) filter (where s.status = 'failed'))::int as failures,
       percentile_cont(0.5) within group (order by s.duration_ms) as "medianMs",
       sum(s.input_tokens)::float8 as "inputTokens", sum(s.output_tokens)::float8 as "outputTokens", sum(s.cost_micros)::float8 as "costMicros"
     from platform.runs r join platform.run_steps s on s.run_id = r.id
     where r.department_id = any($1::uuid[]) and r.created_at > now() - interval '30 days' and not r.rehearsal
       and not s.recalled and s.status in ('succeeded', 'failed')
     group by 1, 2`,
    [[...departmentIds]],
  );
  return new Map(rows.map((row) => [`${row.departmentId} ${row.nodeId}`, row]));
}

const present = ({ departmentId, departmentName, node, title }: Agent, work: Work | undefined): AgentView => ({
  departmentId,
  departmentName,
  nodeId: node.id,
  type: node.type,
  title,
  runs: work?.runs ?? 0,
  failures: work?.failures ?? 0,
  medianMs: work?.medianMs ?? null,
  tokens: { input: work?.inputTokens ?? 0, output: work?.outputTokens ?? 0 },
  costMicros: work?.costMicros ?? 0,
});
