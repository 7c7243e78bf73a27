import { queryOf, statementOf } from '../../sql.js';
import { isDuplicate } from '#db/errors.js';
import { canCancel, canRetry, isFinal } from '#engine/graph/statuses.js';
import { noticeAnswer } from '#engine/worker/conversation/resumeRun.js';
import { chosenOf, spokenOf, type Choice } from '#nodes/sdk/choice.js';
import type { Json } from '#nodes/sdk/json.js';
import type { AppDeps } from '../../deps.js';
import { audit } from '../../audit/record.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { lockRun, takeConversation } from './locked.js';
import { readRun } from './service.js';
import type { ResumeBody, RunView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'keyring' | 'admission' | 'bus'>;

/**
 * Answers an open question of the run: the one at `path`, or the oldest. Throws `run_not_waiting`, and `bad_input` for what is none of the choices that somebody of
 * the house was given.
 */
export async function resume(deps: Deps, session: Session, id: string, { value, path }: ResumeBody): Promise<RunView> {
  const { organizationId, userId } = session;
  const run = await deps.db.withOrganization(session, async (trx) => {
    const { status } = await lockRun(trx, id);
    if (isFinal(status)) throw new ApiError('run_not_waiting');
    const query = queryOf(trx);
    const vault = await deps.keyring.vault(statementOf(trx), organizationId);
    const [wait] = await query<{ id: string; kind: string; question: unknown }>(
      `select id, kind, question from platform.waits where run_id = $1 and answered_at is null and kind <> 'time' and ($2::text is null or path = $2)
       order by created_at limit 1 for update`,
      [id, path ?? null],
    );
    if (!wait) throw new ApiError('run_not_waiting');
    // A customer may answer whatever they like, and so may who answers in their place.
    if (wait.kind === 'member') checkChoice(vault.openJson(wait.question), value);
    await query(
      `update platform.waits set answer = cast($2 as jsonb), answered_by = $3, answered_at = now() where id = $1`,
      [wait.id, vault.sealJson(value), userId],
    );
    await noticeAnswer(query, id);
    await audit(trx, session, { action: 'run.resume', target: { type: 'run', id }, details: { path: path ?? null } });
    return readRun(trx, await deps.keyring.vault(statementOf(trx), organizationId), id);
  });
  deps.admission.wake(organizationId);
  announce(deps, organizationId, run);
  return run;
}

function checkChoice(question: unknown, value: Json): void {
  const { options = [] } = (question ?? {}) as { options?: readonly Choice[] };
  const said = spokenOf(value);
  if (options.length === 0 || (said && chosenOf(said, options))) return;
  throw new ApiError('bad_input', {
    details: [{ path: 'value', message: options.map((option) => option.value).join(' | ') }],
  });
}

/** Stops the run: at once when no worker has it, else as soon as its worker notices. Throws `run_finished`. */
export async function cancel(deps: Deps, session: Session, id: string): Promise<RunView> {
  const { organizationId } = session;
  const run = await deps.db.withOrganization(session, async (trx) => {
    const { status, undone } = await lockRun(trx, id);
    // One that fails already ends by itself, once what it had done is undone.
    if (!canCancel(status) || undone) throw new ApiError('run_finished');
    await queryOf(trx)(
      `update platform.runs set cancel_requested = true,
         finished_at = case when status = 'running' then finished_at else now() end,
         status = case when status = 'running' then status else 'canceled' end where id = $1`,
      [id],
    );
    await audit(trx, session, { action: 'run.cancel', target: { type: 'run', id } });
    return readRun(trx, await deps.keyring.vault(statementOf(trx), organizationId), id);
  });
  announce(deps, organizationId, run);
  return run;
}

/**
 * Takes a failed or canceled run up again from the step that failed. Throws `run_not_failed`, `run_superseded`, `run_undone`, `run_pruned`,
 * `department_dismissed`, `conversation_busy`, `conversation_waiting`.
 */
export async function retry(deps: Deps, session: Session, id: string): Promise<RunView> {
  const { organizationId } = session;
  const run = await deps.db.withOrganization(session, async (trx) => {
    const { status, conversationId, supersededBy, undone, pruned, dismissed } = await lockRun(trx, id);
    if (!canRetry(status)) throw new ApiError('run_not_failed');
    // Its messages are another's now: tried again, it would answer them a second time.
    if (supersededBy) throw new ApiError('run_superseded');
    // Before it is sent to a replay or a fork, which would be refused for the same reason.
    if (pruned) throw new ApiError('run_pruned');
    // What led to the failed step is undone: to go on from there would build on what is gone.
    if (undone) throw new ApiError('run_undone');
    if (dismissed) throw new ApiError('department_dismissed');
    const query = queryOf(trx);
    if (conversationId) await takeConversation(query, conversationId, id);
    await query(
      `update platform.runs set status = 'queued', cancel_requested = false, error = null, finished_at = null, admitted_at = null, unattended = false,
         not_before = null, attempts = attempts + 1 where id = $1`,
      [id],
    ).catch((error: unknown) => {
      // Another of its conversation was woken at this very moment, for which nobody holds the conversation.
      throw isDuplicate(error) ? new ApiError('conversation_busy') : error;
    });
    await audit(trx, session, { action: 'run.retry', target: { type: 'run', id } });
    return readRun(trx, await deps.keyring.vault(statementOf(trx), organizationId), id);
  });
  deps.admission.wake(organizationId);
  announce(deps, organizationId, run);
  return run;
}

export function announce(
  { bus }: Pick<Deps, 'bus'>,
  organizationId: string,
  { id, departmentId, conversationId, status }: RunView,
): void {
  bus.publish(organizationId, { type: 'run', run: { id, departmentId, conversationId, status } });
}
