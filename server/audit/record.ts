import type { Knex } from 'knex';
import { uuidv7obj } from 'uuidv7';
import { lastly } from '#db/lastly.js';
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
    /** What is done over and over is written down again only after so long for the same actor and target. */
    readonly quietMinutes?: number;
  };
}[Action];

/**
 * Writes down what is being done, in the transaction that does it: neither is without the other.
 * For `withOrganization` of the same organization and for `withIdentity`.
 */
export async function audit(trx: Knex.Transaction, actor: AuditActor, entry: AuditEntry): Promise<void> {
  const { quietMinutes = 0 } = entry;
  const row = rowOf(actor, entry);
  const statement = trx.raw(quietMinutes > 0 ? INSERT + UNLESS_SAID : INSERT, {
    ...row,
    since: lowestIdAt(row.at.getTime() - quietMinutes * 60_000),
  });
  await lastly(trx, quietMinutes > 0 ? statement : statement.options({ name: 'audit' }));
}

/** Several at once that are written down each time, whatever was said before. */
export async function auditEach(
  trx: Knex.Transaction,
  entries: readonly (readonly [actor: AuditActor, entry: AuditEntry])[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(([actor, entry]) => rowOf(actor, entry));
  await lastly(trx, trx.raw(INSERT_MANY, [JSON.stringify(rows)]).options({ name: 'audit-many' }));
}

function rowOf({ organizationId, userId, name, apiKey, origin }: AuditActor, { action, target, details }: AuditEntry) {
  const id = uuidv7obj();
  return {
    id: id.toString(),
    organizationId,
    at: new Date(timeOf(id.bytes)),
    actorType: apiKey ? 'api_key' : userId ? 'person' : 'system',
    actorId: apiKey?.id ?? userId,
    actorName: storableText(name.slice(0, LONGEST_TEXT)),
    action,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    targetName: storableText((target?.name ?? '').slice(0, LONGEST_TEXT)),
    address: origin.address,
    userAgent: storableText(origin.userAgent.slice(0, LONGEST_TEXT)),
    requestId: origin.requestId ?? null,
    details: JSON.stringify(listed(action, details ?? {})),
  };
}

const columns = `id, organization_id, at, actor_type, actor_id, actor_name, action,
     target_type, target_id, target_name, address, user_agent, request_id, details`;
const INSERT = `insert into platform.audit_log (${columns})
   select :id::uuid, :organizationId::uuid, :at::timestamptz, :actorType, :actorId::uuid, :actorName, :action,
     :targetType, :targetId, :targetName, :address, :userAgent, :requestId, :details::jsonb`;
const INSERT_MANY = `insert into platform.audit_log (${columns})
   select u.id, u."organizationId", u.at, u."actorType", u."actorId", u."actorName", u.action, u."targetType", u."targetId", u."targetName",
     u.address, u."userAgent", u."requestId", u.details::jsonb
   from jsonb_to_recordset(cast(? as jsonb)) as u(id uuid, "organizationId" uuid, at timestamptz, "actorType" text, "actorId" uuid, "actorName" text,
     action text, "targetType" text, "targetId" text, "targetName" text, address text, "userAgent" text, "requestId" text, details text)`;
const UNLESS_SAID = ` where not exists (select 1 from platform.audit_log where organization_id = :organizationId
  and target_id = :targetId and action = :action and actor_id is not distinct from :actorId::uuid and id > :since)`;

const LONGEST_TEXT = 200;
const LONGEST_LIST = 50;

/** The first 48 bits of a UUIDv7 are its time in milliseconds (RFC 9562, 5.7). */
const timeOf = (bytes: Readonly<Uint8Array>): number => bytes.slice(0, 6).reduce((time, byte) => time * 256 + byte, 0);

/** No UUIDv7 of this moment is lower. @param at milliseconds since 1970 */
export function lowestIdAt(at: number): string {
  const hex = Math.max(0, Math.trunc(at)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

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
