import type { Knex } from 'knex';
import { uuidv7obj } from 'uuidv7';
import { storableJson, storableText } from '#db/text.js';
import { auditActions, type AuditAction, type AuditDetails, type AuditFact } from './actions.js';

/** Who acts, and from where. A request's session fits. */
export interface AuditActor {
  readonly organizationId: string;
  /** `null` for the platform itself. */
  readonly userId: string | null;
  /** As it is now: names change. */
  readonly name: string;
  readonly apiKey: { readonly id: string } | null;
  readonly origin: { readonly address: string; readonly userAgent: string; readonly requestId?: string };
}

export type AuditEntry<Action extends AuditAction = AuditAction> = {
  [Each in Action]: {
    readonly action: Each;
    readonly target?: { readonly type: string; readonly id: string; readonly name?: string };
    /** Small facts that say what changed; which ones an action has stands in `actions.ts`. */
    readonly details?: AuditDetails<Each>;
  };
}[Action];

/**
 * Writes down what is being done, in the transaction that does it: neither is without the other.
 * For `withOrganization` of the same organization and for `withIdentity`.
 */
export async function audit(trx: Knex.Transaction, actor: AuditActor, entry: AuditEntry): Promise<void> {
  const { organizationId, userId, name, apiKey, origin } = actor;
  const { action, target, details } = entry;
  const id = uuidv7obj();
  await trx.raw(
    `insert into platform.audit_log (id, organization_id, at, actor_type, actor_id, actor_name, action,
       target_type, target_id, target_name, address, user_agent, request_id, details)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id.toString(),
      organizationId,
      new Date(timeOf(id.bytes)),
      apiKey ? 'api_key' : userId ? 'person' : 'system',
      apiKey?.id ?? userId,
      storableText(name.slice(0, LONGEST_TEXT)),
      action,
      target?.type ?? null,
      target?.id ?? null,
      storableText((target?.name ?? '').slice(0, LONGEST_TEXT)),
      origin.address,
      storableText(origin.userAgent.slice(0, LONGEST_TEXT)),
      origin.requestId ?? null,
      JSON.stringify(listed(action, details ?? {})),
    ],
  );
}

const LONGEST_TEXT = 200;
const LONGEST_LIST = 50;

/** The first 48 bits of a UUIDv7 are its time in milliseconds (RFC 9562, 5.7). */
const timeOf = (bytes: Readonly<Uint8Array>): number => bytes.slice(0, 6).reduce((time, byte) => time * 256 + byte, 0);

/** Only the facts that the action may have, however they came here. */
function listed(action: AuditAction, details: Readonly<Record<string, AuditFact | undefined>>): object {
  const facts = auditActions[action].flatMap((name) => {
    const fact = details[name];
    return fact === undefined ? [] : [[name, short(fact)] as const];
  });
  return storableJson(Object.fromEntries(facts));
}

function short(fact: AuditFact): AuditFact {
  if (typeof fact === 'string') return fact.slice(0, LONGEST_TEXT);
  if (fact === null || typeof fact !== 'object') return fact;
  return fact.slice(0, LONGEST_LIST).map((each) => each.slice(0, LONGEST_TEXT));
}
