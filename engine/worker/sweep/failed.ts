import type { Pool } from 'pg';
import { apologize, type ApologyDeps, type FailedRun } from '../conversation/apologize.js';
import { queryOf } from '../query.js';

/** Looks after customers whose run failed under a worker that died before it could. One that cannot be looked after holds up no other. */
export async function apologizeForgotten(engine: Pool, deps: ApologyDeps): Promise<void> {
  const query = queryOf(engine);
  const failed = await query<Omit<FailedRun, 'error'> & { message: string; code: string }>(
    `select r.id, r.organization_id as "organizationId", r.conversation_id as "conversationId", coalesce(r.error ->> 'message', '') as message,
       coalesce(r.error ->> 'code', '') as code, r.finished_at < now() - interval '1 hour' as late
     from platform.runs r join platform.conversations c on c.id = r.conversation_id
     where r.unattended and r.finished_at < now() - interval '30 seconds' order by r.finished_at desc limit 100`,
  );
  const problems: unknown[] = [];
  for (const { message, code, ...run } of failed) {
    try {
      const vault = await query.vault(run.organizationId);
      await apologize(deps, { ...run, error: { code, message: vault.openText(message) } });
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
}
