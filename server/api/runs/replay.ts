import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import { settleDraft, sourceRun, startBranch, takeAnswers, targetOf } from './branch.js';
import { announce } from './control.js';
import type { ReplayBody, RunView } from './schemas.js';
import { readRun } from './service.js';

/** A new run from the start, given what this one was given. Throws `run_under_way`, `bad_input`, and what `startBranch` and `targetOf` throw. */
export async function replay(
  deps: Pick<AppDeps, 'db' | 'keyring' | 'admission' | 'bus' | 'drafts' | 'nodeTypes' | 'modelCatalogue'>,
  session: Session,
  id: string,
  { effects, version }: ReplayBody,
  locale: Locale,
): Promise<RunView> {
  const { organizationId } = session;
  await settleDraft(deps, session, id, version);
  const run = await deps.db.withOrganization(session, async (trx) => {
    const vault = await deps.keyring.vault(statementOf(trx), organizationId);
    const source = await sourceRun(trx, vault, id);
    const target = await targetOf(deps, trx, source, version, locale);
    if (!target.definition.nodes.some((node) => node.id === source.triggerNode && !node.parentId)) {
      throw new ApiError('trigger_missing', { field: 'version' });
    }
    const newId = await startBranch(trx, vault, source, { target, effects, input: source.input });
    if (effects === 'rehearse') await takeAnswers(trx, source, newId);
    await audit(trx, session, {
      action: 'run.replay',
      target: { type: 'run', id: newId },
      details: { from: id, version: target.number, effects },
    });
    return readRun(trx, vault, newId);
  });
  deps.admission.wake(organizationId);
  announce(deps, organizationId, run);
  return run;
}
