import type { Vault } from '#db/sealing/vault.js';
import type { Json } from '#nodes/sdk/json.js';
import { nothingToUndo, undoingHappened } from '#engine/run/undone.js';
import { noticeAnswer } from '../conversation/resumeRun.js';
import type { Query } from '../query.js';

/** A person may say so too. */
export { nothingToUndo, undoingHappened };

/**
 * The provider said by itself that an effect happened: written down, even where a person thought otherwise, and the run that waits to know goes on. While
 * its worker is still about to write the same down, that finds it done.
 */
export async function effectReported(
  query: Query,
  vault: Vault,
  runId: string,
  key: string,
  result: Json,
): Promise<boolean> {
  const settled = await query(
    `update platform.effects set state = 'done', result = $3, settled_by = 'provider', resolved_by = null, updated_at = now()
     where run_id = $1 and key = $2 and state <> 'done' returning 1`,
    [runId, key, vault.seal(Buffer.from(JSON.stringify(result)))],
  );
  if (settled.length > 0) {
    await noticeAnswer(query, runId);
    await undoingHappened(query, runId, key);
  }
  return settled.length > 0;
}
