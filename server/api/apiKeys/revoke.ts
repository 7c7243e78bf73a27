import type { Knex } from 'knex';
import { audit, type AuditActor } from '../../audit/record.js';

/** What must be told that keys are not what they were, after the transaction. */
export interface KeyCache {
  readonly apiKeys: { forget(): void };
}

/** Every key that a person made, in all of their organizations, is good no more. Each organization reads of its own in its log. */
export async function revokeKeysOf(trx: Knex.Transaction, actor: AuditActor, userId: string): Promise<void> {
  const { rows } = await trx.raw<{ rows: { id: string; name: string; organization_id: string }[] }>(
    'update platform.api_keys set revoked_at = now() where created_by = ? and revoked_at is null returning id, name, organization_id',
    [userId],
  );
  for (const { id, name, organization_id: organizationId } of rows)
    await audit(trx, { ...actor, organizationId }, { action: 'apiKey.revoke', target: { type: 'apiKey', id, name } });
}
