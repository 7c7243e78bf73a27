import type { Database } from '#db/connect.js';
import type { ModelGateway } from '#engine/models/gateway.js';

/**
 * Sources, of any organization, whose chunks were made by another embedding model than today's, or whose reading was lost more than
 * ten minutes ago. Whoever runs the worker enqueues an `index` job for each; afterwards they are no longer listed.
 */
export async function staleSources(
  db: Database,
  gateway: ModelGateway,
  limit = 100,
): Promise<{ readonly organizationId: string; readonly sourceId: string }[]> {
  const { rows } = await db.engine.query<{ organizationId: string; sourceId: string }>(
    `select s.organization_id as "organizationId", s.id as "sourceId"
     from platform.knowledge_sources s join platform.organizations o on o.id = s.organization_id
     where (s.status = 'ready' and exists (select from platform.knowledge_chunks c where c.source_id = s.id and c.organization_id = s.organization_id and c.embedding_model <> case o.model_keys when 'own' then $3 else $1 end))
        or (s.status = 'reading' and s.updated_at < now() - interval '10 minutes')
     order by s.updated_at limit $2`,
    [gateway.embeddingModels.platform, limit, gateway.embeddingModels.own],
  );
  return rows;
}
