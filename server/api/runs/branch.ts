import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { sealEach } from '#db/sealing/runRecords.js';
import type { Vault } from '#db/sealing/vault.js';
import { storableJson } from '#db/text.js';
import type { Definition } from '#engine/graph/definition.js';
import type { Settled } from '#engine/graph/levels.js';
import { isActive, priorities, type RunStatus } from '#engine/graph/statuses.js';
import { startRun } from '#engine/worker/startRun.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import { queryOf, statementOf } from '../../sql.js';
import type { Session } from '../../plugins/authenticate.js';
import { findDepartment } from '../departments/find.js';
import { tryDraft } from '../departments/tryDraft.js';
import { takeConversation } from './locked.js';
import type { ForkBody } from './schemas.js';

/** A run that another is made from. */
export interface SourceRun {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
  readonly status: RunStatus;
  readonly versionId: string;
  /** 0 marks a draft that somebody tried. */
  readonly number: number;
  readonly definition: Definition;
  readonly triggerNode: string;
  readonly input: Json;
  readonly priority: number;
  /** Of a rehearsal: the one it reads. */
  readonly conversationId: string | null;
  readonly origin: string;
  readonly forkedPath: string | null;
  readonly forkedInput: Json;
  readonly givenInput: boolean;
  readonly pruned: boolean;
}

/** The run, held to the end of the transaction. Throws `not_found`; `run_under_way` while it is queued or running, `run_pruned`. */
export async function sourceRun(trx: Knex.Transaction, vault: Vault, id: string): Promise<SourceRun> {
  const [row] = await queryOf(trx)<SourceRun>(
    `select r.id, r.organization_id as "organizationId", r.department_id as "departmentId", r.status, r.version_id as "versionId", v.number, v.definition,
       r.trigger_node as "triggerNode", r.input, r.priority, coalesce(r.conversation_id, r.context_conversation_id) as "conversationId",
       coalesce(r.origin_run_id, r.id) as origin, r.forked_path as "forkedPath", r.forked_input as "forkedInput",
       r.forked_input is not null as "givenInput", r.pruned_at is not null as pruned
     from platform.runs r join platform.department_versions v on v.id = r.version_id where r.id = $1 for update of r`,
    [id],
  );
  const stored = found(row);
  const source = {
    ...stored,
    input: vault.openJson(stored.input) as Json,
    forkedInput: vault.openJson(stored.forkedInput) as Json,
  };
  if (isActive(source.status)) throw new ApiError('run_under_way');
  if (source.pruned) throw new ApiError('run_pruned');
  return source;
}

/** Brings the draft up to date that a run is to be tried on, before the transaction that reads it. */
export async function settleDraft(
  { db, drafts }: Pick<AppDeps, 'db' | 'drafts'>,
  session: Session,
  runId: string,
  version: ForkBody['version'],
): Promise<void> {
  if (version !== 'draft') return;
  const departments = await db.withOrganization(session, (trx) =>
    queryOf(trx)<{ id: string }>('select department_id as id from platform.runs where id = $1', [runId]),
  );
  await drafts.settle(departments.map(({ id }) => id));
}

export interface Target {
  readonly versionId: string;
  readonly number: number;
  readonly definition: Definition;
}

/** The version that the new run is pinned to. Throws `not_found` for a number that there is not, `invalid_definition` for a draft. */
export async function targetOf(
  deps: Pick<AppDeps, 'nodeTypes' | 'modelCatalogue'>,
  trx: Knex.Transaction,
  source: SourceRun,
  version: ForkBody['version'],
  locale: Locale,
): Promise<Target> {
  const { departmentId } = source;
  if (version === undefined || version === source.number) return source;
  if (version === 'draft') return tryDraft(deps, trx, await findDepartment(trx, departmentId), locale);
  const [row] = await queryOf(trx)<Target>(
    'select id as "versionId", number, definition from platform.department_versions where department_id = $1 and number = $2',
    [departmentId, version],
  );
  return found(row);
}

export interface Branch {
  readonly target: Target;
  readonly effects: ForkBody['effects'];
  readonly input: Json;
  /** The step it branches off at; absent, it begins at the start. */
  readonly at?: {
    readonly path: string;
    readonly edit: 'input' | 'output' | null;
    /** What the step is given; absent, what the steps before it make. */
    readonly input?: Json;
  };
  /** Of a rehearsal: what stands for steps, by node. */
  readonly pins?: Readonly<Record<string, Settled>> | null;
}

/**
 * Writes the new run down, beside its source. A rehearsal reads the source's conversation without being part of it; any other takes it as
 * its own, one run at a time. Throws `department_paused`, `department_dismissed`, `conversation_busy`, `conversation_waiting`, `conversation_with_person`.
 */
export async function startBranch(
  trx: Knex.Transaction,
  vault: Vault,
  source: SourceRun,
  branch: Branch,
): Promise<string> {
  const { target, effects, input, at, pins } = branch;
  const { organizationId, departmentId, conversationId, triggerNode, priority } = source;
  const rehearsal = effects === 'rehearse';
  const id = uuidv7();
  const query = queryOf(trx);
  if (!rehearsal) await mayAct(trx, source, id);
  const started = await startRun(statementOf(trx), vault, {
    id,
    organizationId,
    departmentId,
    versionId: target.versionId,
    conversationId: rehearsal ? null : conversationId,
    triggerNode,
    input: storableJson(input),
    priority: priorities[priority] ?? 'normal',
    parentRunId: source.id,
  });
  if (!started) throw new ApiError('conversation_busy');
  // It counts as taken up before: whoever takes it up looks for what it recalls.
  await query(
    `update platform.runs set attempts = 1, origin_run_id = $2, rehearsal = $3, context_conversation_id = $4, forked_path = $5, forked_edit = $6,
       forked_input = cast($7 as jsonb), pins = cast($8 as jsonb) where id = $1`,
    [
      id,
      source.origin,
      rehearsal,
      rehearsal ? conversationId : null,
      at?.path ?? null,
      at?.edit ?? null,
      at?.input === undefined ? null : vault.sealJson(storableJson(at.input)),
      rehearsal && pins ? JSON.stringify(storableJson(sealEach(vault, pins))) : null,
    ],
  );
  return id;
}

/** Whether what the new run does outside may be done now. */
async function mayAct(
  trx: Knex.Transaction,
  { departmentId, conversationId }: SourceRun,
  newRunId: string,
): Promise<void> {
  const query = queryOf(trx);
  const [department] = await query<{ status: string; dismissed: boolean }>(
    'select status, dismissed_at is not null as dismissed from platform.departments where id = $1',
    [departmentId],
  );
  if (department?.dismissed) throw new ApiError('department_dismissed');
  if (department?.status !== 'active') throw new ApiError('department_paused');
  if (conversationId === null) return;
  await takeConversation(query, conversationId, newRunId);
  const [conversation] = await query<{ handler: string }>('select handler from platform.conversations where id = $1', [
    conversationId,
  ]);
  if (conversation?.handler === 'person') throw new ApiError('conversation_with_person');
}

/** A rehearsal is not asked again what was answered in its source, nor does it wait again for a time that came. */
export async function takeAnswers(trx: Knex.Transaction, source: SourceRun, runId: string): Promise<void> {
  const query = queryOf(trx);
  const answered = await query<{ path: string }>(
    'select path from platform.waits where run_id = $1 and answered_at is not null',
    [source.id],
  );
  if (answered.length === 0) return;
  await query(
    `insert into platform.waits (id, organization_id, run_id, path, kind, question, wake_at, answer, answered_by, answered_at)
     select n.id, w.organization_id, $2, w.path, w.kind, w.question, w.wake_at, w.answer, w.answered_by, w.answered_at
     from platform.waits w join unnest(cast($3 as uuid[]), cast($4 as text[])) n(id, path) on n.path = w.path where w.run_id = $1`,
    [source.id, runId, answered.map(() => uuidv7()), answered.map(({ path }) => path)],
  );
}
