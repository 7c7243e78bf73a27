import { uuidv7 } from 'uuidv7';
import { wholeOf } from '#db/connect.js';
import { eventIndex } from '#db/sealing/eventIndex.js';
import { storableJson, storableText } from '#db/text.js';
import { eventKey } from '#engine/graph/eventKey.js';
import { answerEvent } from '#engine/worker/conversation/answerEvent.js';
import type { Json } from '#nodes/sdk/json.js';
import type { AppDeps } from '../../deps.js';
import { found, notFound } from '../../errors.js';
import { queryOf, statementOf } from '../../sql.js';
import { readHookToken } from './address.js';

export interface Reported {
  /** `null` of one that says no more than that it happened. */
  readonly body: Json;
  /** What ties it to a run; absent, the body's own `key`. */
  readonly key: string | undefined;
  /** The other system's name for it. */
  readonly id: string | undefined;
}

/**
 * Gives an event to the runs that wait for it, or keeps it for the one that will; on record before this resolves. The same `id` again
 * changes nothing. Resolves with how many runs go on. Throws `not_found`.
 */
export async function reportEvent(
  { db, keyring, admission }: Pick<AppDeps, 'db' | 'keyring' | 'admission'>,
  token: string,
  { body, key = keyIn(body), id }: Reported,
): Promise<{ waiting: number }> {
  const { organizationId, departmentId, nodeId } = found(readHookToken(keyring, 'event', token));
  const answered = await db.withOrganization(wholeOf(organizationId), async (trx) => {
    const query = queryOf(trx);
    const known = await query('select 1 from platform.departments where id = $1 and dismissed_at is null', [
      departmentId,
    ]);
    if (known.length === 0) throw notFound();
    const event = {
      id: uuidv7(),
      departmentId,
      key: eventKey(nodeId, storableText(key)),
      payload: storableJson(body ?? {}),
    };
    const vault = await keyring.vault(statementOf(trx), organizationId);
    const kept = await query(
      `insert into platform.awaited_events (id, organization_id, department_id, key, external_id, payload)
       select cast($1 as uuid), cast($2 as uuid), cast($3 as uuid), $4, cast($5 as text), cast($6 as jsonb) where not exists (
         select 1 from platform.awaited_events where department_id = $3 and key = $7 and external_id = $5)
       on conflict do nothing returning id`,
      [
        event.id,
        organizationId,
        departmentId,
        eventIndex(vault, event.key),
        id === undefined ? null : storableText(id),
        vault.sealJson(event.payload),
        // As it was kept before keys were made unreadable.
        event.key,
      ],
    );
    return kept.length === 0 ? [] : answerEvent(query, vault, event);
  });
  if (answered.length > 0) admission.wake(organizationId);
  return { waiting: answered.length };
}

function keyIn(body: Json): string {
  const key = typeof body === 'object' && body !== null && !Array.isArray(body) ? body['key'] : undefined;
  return typeof key === 'string' || typeof key === 'number' ? String(key) : '';
}
