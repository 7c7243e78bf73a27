import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Database } from '#db/connect.js';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import { isAllowed, type Session } from '../../plugins/authenticate.js';
import { holdPeople } from '../auth/holding.js';
import type { ListQuery } from '../common.js';
import { requireDepartments } from '../members/grants.js';
import { readIdCursor, toPage } from '../paging.js';
import type { ApiKeyCreate, ApiKeysPage, ApiKeyView, NewApiKey } from './schemas.js';
import { FOR_EVER, hashOfKey, KEY_START, type ApiKeys } from './verify.js';

interface ApiKeyDeps {
  readonly db: Database;
  readonly apiKeys: ApiKeys;
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: string[];
  readonly departments: string[] | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
}

const columns = 'id, name, prefix, permissions, departments, created_by, created_at, last_used_at, expires_at';
const present = (row: KeyRow): ApiKeyView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  permissions: row.permissions,
  departments: row.departments,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
});

/** Keys that are good, newest first. */
export const listApiKeys = (
  { db }: Pick<ApiKeyDeps, 'db'>,
  session: Session,
  query: ListQuery,
): Promise<ApiKeysPage> => {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const { rows } = await trx.raw<{ rows: KeyRow[] }>(
      `select ${columns} from platform.api_keys where revoked_at is null and (:before::uuid is null or id < :before)
       order by id desc limit :limit`,
      { before, limit: query.limit + 1 },
    );
    return toPage(rows, query.limit, present, (row) => [row.id]);
  });
};

/**
 * A key that may at most what its maker may, and lives no longer when that is a key itself. Throws `forbidden` for more, `bad_input` for one that is over
 * already or would outlive the key that makes it.
 */
export async function createApiKey({ db }: ApiKeyDeps, session: Session, body: ApiKeyCreate): Promise<NewApiKey> {
  if (!body.permissions.every((permission) => isAllowed(session, permission))) throw new ApiError('forbidden');
  if (body.expiresAt && Date.parse(body.expiresAt) <= Date.now()) {
    throw new ApiError('bad_input', { details: [{ path: 'expiresAt', message: 'must be in the future' }] });
  }
  const expiresAt = endOf(session, body);
  if (body.departments) await requireDepartments(db, session, body.departments);
  const departments = body.departments && [...new Set(body.departments)];
  const key = `${KEY_START}${randomBytes(32).toString('base64url')}`;
  const id = uuidv7();
  const permissions = [...new Set(body.permissions)].toSorted();
  const made = await db.withOrganization(session, async (trx) => {
    const { rows } = await trx.raw<{ rows: KeyRow[] }>(
      `insert into platform.api_keys (id, organization_id, name, prefix, key_hash, permissions, departments, created_by, made_with, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning ${columns}`,
      [
        id,
        session.organizationId,
        body.name,
        key.slice(0, KEY_START.length + 6),
        hashOfKey(key),
        permissions,
        departments,
        session.userId,
        session.apiKey?.id ?? null,
        expiresAt,
      ],
    );
    await audit(trx, session, {
      action: 'apiKey.create',
      target: { type: 'apiKey', id, name: body.name },
      details: { permissions, departments, expiresAt },
    });
    return { ...present(found(rows[0])), key };
  });
  await revokeUnlessAllowedStill(db, session, id);
  return made;
}

/** When a new key ends: as was asked, else with the key that makes it, else never (`null`). Throws `bad_input`. */
function endOf({ apiKey, expiresAt: last }: Session, { expiresAt }: ApiKeyCreate): string | null {
  if (apiKey === null || last >= FOR_EVER) return expiresAt ?? null;
  if (expiresAt === undefined) return last.toISOString();
  if (Date.parse(expiresAt) <= last.getTime()) return expiresAt;
  throw new ApiError('bad_input', {
    details: [{ path: 'expiresAt', message: 'must not be later than the end of the key that makes it' }],
  });
}

/**
 * A key made by somebody who was being locked out at that moment goes with the others. Looked at once it is there: whoever ends keys of this person either
 * finds it, or has ended the caller before. Throws `session_ended`.
 */
async function revokeUnlessAllowedStill(
  db: Database,
  { userId, sessionId, apiKey }: Session,
  id: string,
): Promise<void> {
  const stands = await db.withIdentity(async (trx) => {
    await holdPeople(trx, userId);
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `select 1 from platform.sessions where id = :sessionId::uuid and ended_at is null
       union all select 1 from platform.api_keys where id = :keyId::uuid and revoked_at is null`,
      { sessionId, keyId: apiKey?.id ?? null },
    );
    if (rows.length > 0) return true;
    await trx.raw('update platform.api_keys set revoked_at = now() where id = ?', [id]);
    return false;
  });
  if (!stands) throw new ApiError('session_ended');
}

/** With the keys that were made with it, and with those: whoever had it may have made them. Throws `not_found`. */
export async function revokeApiKey({ db, apiKeys }: ApiKeyDeps, session: Session, id: string): Promise<void> {
  await db.withOrganization(session, async (trx) => {
    const { rows } = await trx.raw<{ rows: { id: string; name: string }[] }>(
      `with recursive line as (
         select id from platform.api_keys where id = ? and revoked_at is null
         union select k.id from platform.api_keys k join line on k.made_with = line.id)
       update platform.api_keys set revoked_at = now() where id in (select id from line) and revoked_at is null returning id, name`,
      [id],
    );
    found(rows[0]);
    for (const key of rows)
      await audit(trx, session, { action: 'apiKey.revoke', target: { type: 'apiKey', id: key.id, name: key.name } });
  });
  apiKeys.forget();
}
