import { noticeAnswer } from '#engine/worker/conversation/resumeRun.js';
import { ruleOf } from '#engine/worker/effects/rules.js';
import { nothingToUndo, undoingHappened } from '#engine/worker/effects/settle.js';
import type { AppDeps } from '../../deps.js';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf, statementOf } from '../../sql.js';
import { readEffect } from './effects.js';
import { lockRun } from './locked.js';
import type { EffectView, ResolveBody, RunView } from './schemas.js';
import { readRun } from './service.js';

/**
 * A person says what became of an effect that nobody could find out: the run that waits goes on as after it, or does it again. Recorded once:
 * a report of the provider that was faster stands. Throws `not_found`, `effect_settled`.
 */
export async function resolveEffect(
  { db, keyring, admission, bus }: Pick<AppDeps, 'db' | 'keyring' | 'admission' | 'bus'>,
  session: Session,
  runId: string,
  effectId: string,
  { outcome }: ResolveBody,
): Promise<{ effect: EffectView; run: RunView }> {
  const { organizationId, userId } = session;
  const happened = outcome === 'happened';
  const resolved = await db.withOrganization(session, async (trx) => {
    const query = queryOf(trx);
    const [row] = await query<{ key: string }>('select key from platform.effects where run_id = $1 and id = $2', [
      runId,
      effectId,
    ]);
    const { key } = found(row);
    // The run before its message and its effect, as a report of the channel holds them. What is believed too early is taken back below.
    await lockRun(trx, runId);
    const effect = { organizationId, runId, key, idempotencyKey: `${runId}/${key}` };
    const result = await ruleOf(key).believe(query, effect, happened);
    const vault = await keyring.vault(statementOf(trx), organizationId);
    const settled = await query(
      `update platform.effects set state = $3, result = $4, settled_by = 'person', resolved_by = $5, updated_at = now()
       where run_id = $1 and id = $2 and state = 'uncertain' returning 1`,
      [
        runId,
        effectId,
        happened ? 'done' : 'not_done',
        happened ? vault.seal(Buffer.from(JSON.stringify(result))) : null,
        userId,
      ],
    );
    if (settled.length === 0) throw new ApiError('effect_settled');
    await noticeAnswer(query, runId);
    await (happened ? undoingHappened : nothingToUndo)(query, runId, key);
    await audit(trx, session, {
      action: 'run.settleEffect',
      target: { type: 'run', id: runId },
      details: { effectId, outcome },
    });
    return { effect: await readEffect(trx, vault, runId, effectId), run: await readRun(trx, vault, runId) };
  });
  admission.wake(organizationId);
  const { id, departmentId, conversationId, status } = resolved.run;
  bus.publish(organizationId, { type: 'run', run: { id, departmentId, conversationId, status } });
  return resolved;
}
