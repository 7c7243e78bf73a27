import type { Knex } from 'knex';
import { queryOf } from '../../sql.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { Page } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import { presentRun, presentStep, presentWait, type RunRow, type StepRow, type WaitRow } from './present.js';
import type { RunsQuery, RunView, RunWithSteps } from './schemas.js';

/** Plain SQL: a model would parse again what is JSON text inside a jsonb column. */
const columns = `r.id, r.department_id as "departmentId", r.conversation_id as "conversationId", r.status, v.number, r.priority, r.input, r.output,
  r.error, r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt"`;
const runs = `select ${columns} from platform.runs r join platform.department_versions v on v.id = r.version_id`;

export const listRuns = ({ db }: Pick<AppDeps, 'db'>, session: Session, query: RunsQuery): Promise<Page<RunView>> => {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const rows = await queryOf(trx)<RunRow>(
      `${runs} where ($1::uuid is null or r.department_id = $1) and ($2::uuid is null or r.conversation_id = $2)
         and ($3::text is null or r.status = $3) and ($4::uuid is null or r.id < $4)
       order by r.id desc limit $5`,
      [query.departmentId ?? null, query.conversationId ?? null, query.status ?? null, before, query.limit + 1],
    );
    return toPage(rows, query.limit, presentRun, (row) => [row.id]);
  });
};

/** One run, inside a transaction of its organization. Throws `not_found`. */
export async function readRun(trx: Knex.Transaction, id: string): Promise<RunView> {
  const [row] = await queryOf(trx)<RunRow>(`${runs} where r.id = $1`, [id]);
  return presentRun(found(row));
}

export const getRun = ({ db }: Pick<AppDeps, 'db'>, session: Session, id: string): Promise<RunWithSteps> =>
  db.withOrganization(session, async (trx) => {
    const run = await readRun(trx, id);
    const query = queryOf(trx);
    const steps = await query<StepRow>(
      `select node_id as "nodeId", path, status, attempt, port, input, output, error, started_at as "startedAt", duration_ms as "durationMs",
         input_tokens as "inputTokens", output_tokens as "outputTokens", cost_micros as "costMicros", model
       from platform.run_steps where run_id = $1 order by started_at, path, attempt limit 10000`,
      [id],
    );
    const waits = await query<WaitRow>(
      `select path, kind, question, wake_at as "wakeAt" from platform.waits where run_id = $1 and answered_at is null order by created_at`,
      [id],
    );
    return { ...run, steps: steps.map(presentStep), waits: waits.map(presentWait) };
  });
