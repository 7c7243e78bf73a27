import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { isDuplicate } from '#db/errors.js';
import { Connection } from '#db/models/connection.js';
import { baseUrlOf, isModelProvider, type ConnectionSettings } from '#engine/connections/connection.js';
import type { KnownConnection } from '#engine/graph/rules/rule.js';
import { readHostPattern } from '#engine/graph/hosts.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf, statementOf } from '../../sql.js';
import { readIdCursor, toPage } from '../paging.js';
import { setModelKeys } from './modelKeys.js';
import { presentConnection, type ConnectionRow } from './present.js';
import type {
  ConnectionCreate,
  ConnectionPatch,
  ConnectionsPage,
  ConnectionsQuery,
  ConnectionView,
} from './schemas.js';

export type ConnectionDeps = Pick<AppDeps, 'db' | 'keyring' | 'modelBaseUrls'>;

/** With the departments whose drafts or published versions name it. A channel's token is the channel's matter. */
const connections = `select c.id, c.provider, c.name, c.hosts, c.settings, c.created_at as "createdAt", c.updated_at as "updatedAt",
    c.last_used_at as "lastUsedAt", coalesce((select json_agg(json_build_object('departmentId', d.id, 'name', d.name, 'live', d.live) order by d.name, d.id) from (
      select d.id, d.name, d.status = 'active' and coalesce(position(c.id::text in v.definition::text) > 0, false) as live from platform.departments d
      left join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
      where d.dismissed_at is null and (position(c.id::text in d.draft::text) > 0 or position(c.id::text in v.definition::text) > 0)) d), '[]') as "usedBy"
  from platform.connections c where c.provider <> 'whatsapp'`;

export const listConnections = (
  { db }: Pick<ConnectionDeps, 'db'>,
  session: Session,
  query: ConnectionsQuery,
): Promise<ConnectionsPage> => {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const rows = await queryOf(trx)<ConnectionRow>(
      `${connections} and ($1::uuid is null or c.id < $1) and ($2::text is null or c.provider = $2) order by c.id desc limit $3`,
      [before, query.kind ?? null, query.limit + 1],
    );
    return toPage(rows, query.limit, presentConnection, (row) => [row.id]);
  });
};

export const getConnection = (
  { db }: Pick<ConnectionDeps, 'db'>,
  session: Session,
  id: string,
): Promise<ConnectionView> => db.withOrganization(session, (trx) => read(trx, id));

async function read(trx: Knex.Transaction, id: string): Promise<ConnectionView> {
  const [row] = await queryOf(trx)<ConnectionRow>(`${connections} and c.id = $1`, [id]);
  return presentConnection(found(row));
}

/** What `validate` need know of the connections of the transaction's organization. */
export const knownConnections = (trx: Knex.Transaction): Promise<KnownConnection[]> =>
  queryOf(trx)<KnownConnection & object>(`select id, hosts from platform.connections where provider <> 'whatsapp'`);

/** Throws `connection_exists` for a second one of a provider of models. The first makes the organization use keys of its own. */
export async function createConnection(
  { db, keyring, modelBaseUrls }: ConnectionDeps,
  session: Session,
  body: ConnectionCreate,
): Promise<ConnectionView> {
  const { kind, name, secret, ...rest } = body;
  const { hosts = [], ...settings } =
    'hosts' in rest ? rest : { ...rest, hosts: [hostOf(rest.baseUrl ?? baseUrlOf(kind, modelBaseUrls))] };
  const { organizationId, userId } = session;
  const id = uuidv7();
  return db.withOrganization(session, async (trx) => {
    await Connection.query(trx)
      .insert({
        id,
        organizationId,
        provider: kind,
        name,
        hosts,
        settings: settings satisfies ConnectionSettings,
        createdBy: userId,
        sealedSecret: await keyring.seal(statementOf(trx), organizationId, secret),
      })
      .catch((error: unknown) => {
        throw isDuplicate(error) ? new ApiError('connection_exists') : error;
      });
    await audit(trx, session, {
      action: 'connection.create',
      target: { type: 'connection', id, name },
      details: { kind, hosts },
    });
    if (isModelProvider(kind)) await setModelKeys(trx, session, 'own');
    return read(trx, id);
  });
}

/** The host of a provider's address, as a pattern. Throws `bad_input` for one that is none. */
function hostOf(baseUrl: string): string {
  const pattern = readHostPattern(new URL(baseUrl).host);
  if (pattern !== null) return pattern;
  throw new ApiError('bad_input', { details: [{ path: 'baseUrl', message: 'not an address with a host' }] });
}

/** A new name, secret, or hosts with a new secret. Throws `bad_input` for a secret that its kind cannot carry, or hosts without one. */
export async function patchConnection(
  { db, keyring }: ConnectionDeps,
  session: Session,
  id: string,
  { name, secret, hosts }: ConnectionPatch,
): Promise<ConnectionView> {
  const wrong = (path: string, message: string) => new ApiError('bad_input', { details: [{ path, message }] });
  const { organizationId } = session;
  return db.withOrganization(session, async (trx) => {
    const connection = found(await Connection.query(trx).findById(id).whereNot('provider', 'whatsapp').forUpdate());
    if (hosts && secret === undefined) throw wrong('secret', 'enter it anew: it is bound to its hosts');
    if (hosts && isModelProvider(connection.provider)) throw wrong('hosts', "follow from the provider's address");
    if (secret !== undefined && connection.provider !== 'basic' && !/^[\x20-\x7e]+$/.test(secret))
      throw wrong('secret', 'may hold only letters, digits and signs of ASCII');
    await connection.$query(trx).patch({
      updatedAt: new Date(),
      ...(name !== undefined && { name }),
      ...(hosts && { hosts }),
      ...(secret !== undefined && {
        sealedSecret: await keyring.seal(statementOf(trx), organizationId, secret.trim() || secret),
      }),
    });
    const fields = Object.entries({ name, secret, hosts }).flatMap(([field, value]) =>
      value === undefined ? [] : [field],
    );
    await audit(trx, session, {
      action: 'connection.update',
      target: { type: 'connection', id, name: name ?? connection.name },
      details: { fields },
    });
    return read(trx, id);
  });
}

/** Throws `connection_in_use`, with the departments that work with it, unless it is forced. */
export const deleteConnection = (
  { db }: Pick<ConnectionDeps, 'db'>,
  session: Session,
  id: string,
  force: boolean,
): Promise<void> =>
  db.withOrganization(session, async (trx) => {
    found(await Connection.query(trx).findById(id).whereNot('provider', 'whatsapp').forUpdate());
    const { kind, name, usedBy } = await read(trx, id);
    const live = usedBy.filter((each) => each.live);
    if (live.length > 0 && !force) {
      throw new ApiError('connection_in_use', {
        details: live.map((each) => ({ path: `departments.${each.departmentId}`, message: each.name })),
      });
    }
    await Connection.query(trx).deleteById(id);
    await audit(trx, session, {
      action: 'connection.delete',
      target: { type: 'connection', id, name },
      details: { kind, force: live.length > 0 },
    });
  });
