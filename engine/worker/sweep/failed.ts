import type { Pool } from 'pg';
import { apologize, type ApologyDeps, type FailedRun } from '../conversation/apologize.js';
import { queryOf } from '../query.js';

/** Looks after customers whose run failed under a worker that died before it could. */
export async function apologizeForgotten(engine: Pool, deps: ApologyDeps): Promise<void> {
  const query = queryOf(engine);
  const failed = await query<Omit<FailedRun, 'error'> & { message: string; code: string }>(
    `select r.id, r.organization_id as "organizationId", r.conversation_id as "conversationId", coalesce(r.error ->> 'message', '') as message, coalesce(r.error ->> 'code', '') as code
     from platform.runs r join platform.conversations c on c.id = r.conversation_id
     where r.status = 'failed' and r.finished_at between now() - interval '1 hour' and now() - interval '30 seconds' and c.handler = 'team'
       and not exists (select 1 from platform.messages m where m.conversation_id = c.id and m.run_id = r.id and m.author = 'system')
     order by r.finished_at limit 100`,
  );
  for (const { message, code, ...run } of failed) {
    const vault = await query.vault(run.organizationId);
    await apologize(deps, { ...run, error: { code, message: vault.openText(message) } });
  }
}
