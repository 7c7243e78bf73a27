import type { Knex } from 'knex';
import { storedStep } from '#db/sealing/runRecords.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Definition } from '#engine/graph/definition.js';
import { namedQueryOf, namedRaw, queryOf, statementOf } from '../../sql.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import {
  openRun,
  presentRun,
  presentStep,
  presentWait,
  type RunRow,
  type StepBriefRow,
  type StepRow,
  type WaitRow,
} from './present.js';
import type { RunDefinitionView, RunView, RunWithSteps } from './schemas.js';
import { effectsOf } from './effects.js';
import { heldUpColumns } from './heldUp.js';
import { SHOWN_BYTES, upTo, WHOLE_BYTES } from './sizes.js';

/** Plain SQL: a model would parse again what is JSON text inside a jsonb column. */
const columns = (
  most: number,
): string => `r.id, r.department_id as "departmentId", r.conversation_id as "conversationId", r.status, v.number, r.priority,
  ${upTo('input', most)}, ${upTo('output', most)}, r.error, r.superseded_by as "supersededBy", r.trigger_node as "triggerNode", r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt",
  r.parent_run_id as "parentId", r.forked_path as "forkedPath", r.forked_edit as "forkedEdit", r.rehearsal, r.pruned_at as "prunedAt",
  case when r.pins is null then array[]::text[] else array(select jsonb_object_keys(r.pins) order by 1) end as pinned,
  (select count(*)::int from platform.effects e where e.run_id = r.id and e.state = 'uncertain') as "uncertainEffects",
  r.status = 'waiting' and exists (select 1 from platform.waits w where w.run_id = r.id and w.kind = 'member' and w.answered_at is null) as "awaitsMember",
  ${heldUpColumns}`;
/** Runs with what they were given and came to, unless that is bigger than `most`. */
export const selectRuns = (most = SHOWN_BYTES): string =>
  `select ${columns(most)} from platform.runs r join platform.department_versions v on v.id = r.version_id`;

export const briefColumns = `node_id as "nodeId", path, status, attempt, port, error, started_at as "startedAt", duration_ms as "durationMs",
  input_tokens as "inputTokens", output_tokens as "outputTokens", cost_micros as "costMicros", model, recalled, compensates`;
/** More than a run may take, most of them tried again. Of what was not taken there may be any number: that goes first. */
const MOST_STEPS = 20_000;
const stepsOf = (columnsOfStep: string): string =>
  `select * from (select ${columnsOfStep} from platform.run_steps where run_id = $1
     order by (status = 'skipped'), run_steps.started_at, path, attempt limit ${MOST_STEPS}) s order by "startedAt", path, attempt`;

const briefNames = `"nodeId", path, status, attempt, port, error, "startedAt", "durationMs", "inputTokens", "outputTokens", "costMicros", model, recalled, compensates`;

/** Bytes of what is stored of a step; of a pack its share. */
const storedSize = `coalesce(pg_column_size(payload), 0) + coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0) + coalesce(
  (select pg_column_size(p.data) from platform.step_packs p where p.run_id = run_steps.run_id and p.id = pack) / count(*) over (partition by pack), 0)`;
const fits = (column: string): string => `case when total <= ${WHOLE_BYTES} then ${column} end as ${column}`;

/** The same with what went in and out of them, up to `WHOLE_BYTES` in all: of the later ones only how much there would be. */
const wholeSteps = `select ${briefNames}, ${storedStep.split(', ').map(fits).join(', ')},
    case when total > ${WHOLE_BYTES} then size end as "leftOut"
  from (select *, sum(size) over (order by "startedAt", path, attempt) as total
    from (${stepsOf(`${briefColumns}, ${storedStep}, ${storedSize} as size`)}) t) s order by "startedAt", path, attempt`;

/** One run, inside a transaction of its organization. Throws `not_found`. */
export async function readRun(trx: Knex.Transaction, vault: Vault, id: string, most = SHOWN_BYTES): Promise<RunView> {
  const [row] = await namedQueryOf(trx)<RunRow>(`run-${most}`, `${selectRuns(most)} where r.id = $1`, [id]);
  return presentRun(openRun(vault, found(row)));
}

/** Its steps without what went in and out of them. */
export const readBriefs = (trx: Knex.Transaction, id: string): Promise<StepBriefRow[]> =>
  namedQueryOf(trx)<StepBriefRow>('run-briefs', stepsOf(briefColumns), [id]);

export const getRun = (
  { db, keyring }: Pick<AppDeps, 'db' | 'keyring'>,
  session: Session,
  id: string,
): Promise<RunWithSteps> =>
  db.withOrganization(session, async (trx) => {
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    const run = await readRun(trx, vault, id, WHOLE_BYTES);
    const query = namedQueryOf(trx);
    const steps = await query<StepRow>('run-steps', wholeSteps, [id]);
    const packs = await readPacks((text, values) => namedRaw(trx, 'run-packs', text, values), vault, id, steps);
    const waits = await query<WaitRow>(
      'run-waits',
      // One that has ended waits for nobody, whatever it had asked; taken up again it does.
      `select w.path, w.kind, w.question, w.wake_at as "wakeAt" from platform.waits w join platform.runs r on r.id = w.run_id
       where w.run_id = $1 and w.answered_at is null and r.status not in ('succeeded', 'failed', 'canceled') order by w.created_at`,
      [id],
    );
    return {
      ...run,
      steps: steps.map((row) => presentStep(vault, packs, row)),
      waits: waits.map((row) => presentWait(vault, row)),
      ledger: await effectsOf(trx, vault, id),
    };
  });

/** What the run is pinned to: the department as it was when the run began. Throws `not_found`. */
export const getRunDefinition = (
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  id: string,
): Promise<RunDefinitionView> =>
  db.withOrganization(session, async (trx) => {
    const [row] = await queryOf(trx)<{ number: number; definition: Definition }>(
      'select v.number, v.definition from platform.runs r join platform.department_versions v on v.id = r.version_id where r.id = $1',
      [id],
    );
    const { number, definition } = found(row);
    return { version: number > 0 ? number : null, definition };
  });
