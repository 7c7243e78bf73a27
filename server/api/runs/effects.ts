import type { Knex } from 'knex';
import type { Vault } from '#db/sealing/vault.js';
import type { EffectState } from '#engine/graph/statuses.js';
import { partsOf } from '#engine/worker/effects/rules.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { namedQueryOf, queryOf, statementOf } from '../../sql.js';
import type { ListQuery, Page } from '../common.js';
import { isTime, isUuid, readCursor, toPage } from '../paging.js';
import type { EffectView } from './schemas.js';

interface EffectRow {
  readonly id: string;
  readonly runId: string;
  readonly departmentId: string;
  readonly key: string;
  readonly state: EffectState;
  readonly needsPerson: boolean;
  readonly attempts: number;
  readonly settledBy: EffectView['settledBy'];
  readonly resolvedBy: string | null;
  readonly intendedAt: Date;
  readonly updatedAt: Date;
  readonly message: EffectView['message'];
}

const effects = `select e.id, e.run_id as "runId", r.department_id as "departmentId", e.key, e.state,
    e.state = 'uncertain' and e.surfaced_at is not null as "needsPerson", e.attempts, e.settled_by as "settledBy", e.resolved_by as "resolvedBy",
    e.created_at as "intendedAt", e.updated_at as "updatedAt",
    (select json_build_object('id', m.id, 'conversationId', m.conversation_id, 'text', m.text, 'status', m.status, 'externalId', m.external_id, 'error', m.error)
       from platform.messages m where m.conversation_id = r.conversation_id and m.run_id = r.id and m.payload ->> 'opaque' = e.run_id || '/' || e.key
       limit 1) as message
  from platform.effects e join platform.runs r on r.id = e.run_id`;

/** The message is as the database has it: its text is sealed. */
const present =
  (vault: Vault) =>
  (row: EffectRow): EffectView => {
    const { id, runId, departmentId, key, state, needsPerson, attempts, settledBy, resolvedBy, message } = row;
    const { path, kind, name } = partsOf(key);
    return {
      id,
      runId,
      departmentId,
      path,
      kind: kind as EffectView['kind'],
      name,
      state,
      needsPerson,
      attempts,
      settledBy,
      resolvedBy,
      intendedAt: row.intendedAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      idempotencyKey: `${runId}/${key}`,
      message: message && { ...message, text: vault.openText(message.text) },
    };
  };

const EFFECTS_OF_RUN = `${effects} where e.run_id = $1 order by e.created_at, e.key limit 10000`;

/** What a run did outside, in the order it was intended; inside a transaction of its organization. */
export const effectsOf = async (trx: Knex.Transaction, vault: Vault, runId: string): Promise<EffectView[]> =>
  (await namedQueryOf(trx)<EffectRow>('run-effects', EFFECTS_OF_RUN, [runId])).map(present(vault));

/** Throws `not_found`. */
export async function readEffect(
  trx: Knex.Transaction,
  vault: Vault,
  runId: string,
  effectId: string,
): Promise<EffectView> {
  const [row] = await queryOf(trx)<EffectRow>(`${effects} where e.run_id = $1 and e.id = $2`, [runId, effectId]);
  return present(vault)(found(row));
}

const isKey = (value: unknown): value is readonly [time: string, id: string] =>
  Array.isArray(value) && value.length === 2 && isTime(value[0]) && isUuid(value[1]);

/** What a person has to look into, oldest first. */
export const listOpenEffects = (
  { db, keyring }: Pick<AppDeps, 'db' | 'keyring'>,
  session: Session,
  query: ListQuery,
): Promise<Page<EffectView>> => {
  const [after, id] = readCursor(query, isKey) ?? [null, null];
  return db.withOrganization(session, async (trx) => {
    const rows = await queryOf(trx)<EffectRow & { readonly at: string }>(
      `select * from (select x.*, to_char(x."intendedAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from (${effects} where e.state = 'uncertain' and e.surfaced_at is not null
         and ($1::timestamptz is null or (e.created_at, e.id) > ($1::timestamptz, $2::uuid)) order by e.created_at, e.id limit $3) x) y`,
      [after, id, query.limit + 1],
    );
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    return toPage(rows, query.limit, present(vault), (row) => [row.at, row.id]);
  });
};
