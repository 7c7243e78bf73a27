import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { storableText } from '#db/text.js';
import type { AuditAction } from './actions.js';

/** Who acts, and from where. A request's session fits. */
export interface AuditActor {
  readonly organizationId: string;
  readonly userId: string | null;
  /** As it is now: names change. */
  readonly name: string;
  readonly apiKey: { readonly id: string } | null;
  readonly origin: { readonly address: string; readonly userAgent: string };
}

export interface AuditEntry {
  readonly action: AuditAction;
  readonly target?: { readonly type: string; readonly id: string; readonly name?: string };
  /** Small facts that say what changed: roles, names, counts. Never a secret, never what a customer wrote. */
  readonly details?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/** Writes down what is being done, in the transaction that does it: neither is without the other. */
export async function audit(trx: Knex.Transaction, actor: AuditActor, entry: AuditEntry): Promise<void> {
  const { organizationId, userId, name, apiKey, origin } = actor;
  const { action, target, details = {} } = entry;
  await trx.raw(
    `insert into platform.audit_log
       (id, organization_id, actor_type, actor_id, actor_name, action, target_type, target_id, target_name, address, user_agent, details)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      uuidv7(),
      organizationId,
      apiKey ? 'api_key' : userId ? 'person' : 'system',
      apiKey?.id ?? userId,
      storableText(name),
      action,
      target?.type ?? null,
      target?.id ?? null,
      storableText(target?.name ?? ''),
      origin.address,
      storableText(origin.userAgent.slice(0, 300)),
      JSON.stringify(details),
    ],
  );
}
