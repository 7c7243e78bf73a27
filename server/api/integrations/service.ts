import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { Channel } from '#db/models/channel.js';
import { Connection } from '#db/models/connection.js';
import { Department } from '#db/models/department.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import type { Page } from '../common.js';
import { findDepartment } from '../departments/find.js';
import { readIdCursor, toPage } from '../paging.js';
import { presentChannel } from './present.js';
import type { ChannelsQuery, ChannelView, SimulatorCreate, WhatsAppCreate } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'keyring'>;

/** A department has one simulator, and one that its draft answers in: asking again gives the same one. */
export const openSimulator = (
  { db }: Deps,
  session: Session,
  { departmentId, version }: SimulatorCreate,
): Promise<ChannelView> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId } = session;
    const draft = version === 'draft';
    // The lock lets two that ask at once meet the same simulator.
    const department = await findDepartment(trx, departmentId, 'lock');
    const known = await Channel.query(trx).findOne({ departmentId, kind: 'simulator', draft });
    if (known) return presentChannel(known);
    const id = uuidv7();
    await audit(trx, session, {
      action: 'channel.connect',
      target: { type: 'channel', id, name: department.name },
      details: { kind: 'simulator', departmentId },
    });
    return presentChannel(
      await Channel.query(trx).insertAndFetch({
        id,
        organizationId,
        departmentId,
        kind: 'simulator',
        draft,
        externalId: id,
        connectionId: null,
        name: department.name,
        settings: {},
      }),
    );
  });

/**
 * Connects a WhatsApp number to a department. A number that the organization has already gets the new token and department.
 * Throws `not_found` for the department and `phone_number_taken` when the number answers for somebody else.
 */
export const connectWhatsApp = ({ db, keyring }: Deps, session: Session, body: WhatsAppCreate): Promise<ChannelView> =>
  db.withOrganization(session, async (trx) => {
    const { organizationId } = session;
    const { departmentId, phoneNumberId } = body;
    const connected = (id: string, name: string): Promise<void> =>
      audit(trx, session, {
        action: 'channel.connect',
        target: { type: 'channel', id, name },
        details: { kind: 'whatsapp', phoneNumberId, departmentId },
      });
    await findDepartment(trx, departmentId);
    const sealedSecret = await keyring.seal(statementOf(trx), organizationId, body.accessToken);
    const known = await Channel.query(trx).findOne({ kind: 'whatsapp', externalId: phoneNumberId }).forUpdate();
    if (known?.connectionId) {
      await Connection.query(trx).findById(known.connectionId).patch({ sealedSecret, updatedAt: new Date() });
      const name = body.name ?? known.name;
      await connected(known.id, name);
      return presentChannel(await known.$query(trx).patchAndFetch({ departmentId, name }));
    }
    const name = body.name ?? `WhatsApp ${phoneNumberId}`;
    const connectionId = uuidv7();
    await Connection.query(trx).insert({ id: connectionId, organizationId, provider: 'whatsapp', name, sealedSecret });
    const settings = body.businessAccountId ? { businessAccountId: body.businessAccountId } : {};
    const id = await insertNumber(trx, { organizationId, departmentId, phoneNumberId, connectionId, name, settings });
    await connected(id, name);
    return presentChannel(found(await Channel.query(trx).findById(id)));
  });

interface NewNumber {
  readonly organizationId: string;
  readonly departmentId: string;
  readonly phoneNumberId: string;
  readonly connectionId: string;
  readonly name: string;
  readonly settings: object;
}

/** Row-level security hides other organizations' numbers; only the unique index knows that one is taken. */
async function insertNumber(trx: Knex.Transaction, number: NewNumber): Promise<string> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into platform.channels (id, organization_id, department_id, kind, external_id, connection_id, name, settings)
     values (?, ?, ?, 'whatsapp', ?, ?, ?, ?) on conflict (kind, external_id) do nothing returning id`,
    [
      uuidv7(),
      number.organizationId,
      number.departmentId,
      number.phoneNumberId,
      number.connectionId,
      number.name,
      JSON.stringify(number.settings),
    ],
  );
  const [row] = rows;
  if (!row) throw new ApiError('phone_number_taken');
  return row.id;
}

export async function listChannels({ db }: Deps, session: Session, query: ChannelsQuery): Promise<Page<ChannelView>> {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const rows = await Channel.query(trx)
      .whereIn('departmentId', Department.query(trx).select('id').whereNull('dismissedAt'))
      .where((builder) => {
        if (before) void builder.where('id', '<', before);
        if (query.departmentId) void builder.where('departmentId', query.departmentId);
        if (query.kind) void builder.where('kind', query.kind);
      })
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    return toPage(rows, query.limit, presentChannel, (row) => [row.id]);
  });
}

/** Disconnects a channel and forgets its credentials and conversations. */
export const deleteChannel = ({ db }: Deps, session: Session, id: string): Promise<void> =>
  db.withOrganization(session, async (trx) => {
    const channel = found(await Channel.query(trx).findById(id).forUpdate());
    await Channel.query(trx).deleteById(id);
    if (channel.connectionId) await Connection.query(trx).deleteById(channel.connectionId);
    const { kind, name } = channel;
    await audit(trx, session, {
      action: 'channel.disconnect',
      target: { type: 'channel', id, name },
      details: { kind },
    });
  });
