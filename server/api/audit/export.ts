import { Readable } from 'node:stream';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import type { Session } from '../../plugins/authenticate.js';
import { BOM, csvLine } from './csv.js';
import type { AuditEntryView, ExportQuery } from './schemas.js';
import { readEntries } from './service.js';

/** Entries that are read at once: enough to be quick, too few to hold a database that everybody waits for. */
const BATCH = 500;

export const contentTypes = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

const columns: Readonly<Record<string, (entry: AuditEntryView) => string>> = {
  at: ({ at }) => at,
  actor_type: ({ actor }) => actor.type,
  actor_id: ({ actor }) => actor.id ?? '',
  actor_name: ({ actor }) => actor.name,
  action: ({ action }) => action,
  target_type: ({ target }) => target?.type ?? '',
  target_id: ({ target }) => target?.id ?? '',
  target_name: ({ target }) => target?.name ?? '',
  address: ({ address }) => address,
  user_agent: ({ userAgent }) => userAgent,
  request_id: ({ requestId }) => requestId ?? '',
  details: ({ details }) => JSON.stringify(details),
  id: ({ id }) => id,
};

/** Everything that the filters let through, the latest first, read while it is sent. That it was taken out is on record before the first byte. */
export async function exportAudit(
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  { format, ...filters }: ExportQuery,
): Promise<Readable> {
  const { organizationId } = session;
  await db.withOrganization(session, (trx) =>
    audit(trx, session, {
      action: 'audit.export',
      target: { type: 'organization', id: organizationId },
      details: { format, filters: Object.entries(filters).map(([name, value]) => `${name}=${value}`) },
    }),
  );
  const read = (before: string | null): Promise<AuditEntryView[]> =>
    db.withOrganization(session, (trx) => readEntries(trx, { organizationId, filters, before, limit: BATCH }));
  return Readable.from(format === 'csv' ? csv(read) : ndjson(read));
}

type Read = (before: string | null) => Promise<AuditEntryView[]>;

async function* batches(read: Read): AsyncGenerator<AuditEntryView[]> {
  let before: string | null = null;
  do {
    const entries: AuditEntryView[] = await read(before);
    yield entries;
    before = entries.length === BATCH ? (entries.at(-1)?.id ?? null) : null;
  } while (before);
}

async function* csv(read: Read): AsyncGenerator<string> {
  yield BOM + csvLine(Object.keys(columns));
  for await (const entries of batches(read)) {
    yield entries.map((entry) => csvLine(Object.values(columns).map((of) => of(entry)))).join('');
  }
}

async function* ndjson(read: Read): AsyncGenerator<string> {
  for await (const entries of batches(read)) yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
