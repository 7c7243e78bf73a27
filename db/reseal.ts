import type { Pool } from 'pg';
import { contactIndex, openPayload, sealPayload } from './personal.js';
import {
  isNewState,
  joinPayload,
  openBytes,
  openEach,
  openProblem,
  openState,
  openStep,
  sealEach,
  sealProblem,
  sealState,
  type StoredStep,
} from './sealing/runRecords.js';
import { NO_PACKS } from './sealing/stepPacks.js';
import type { Keyring } from './seal.js';
import type { Vault } from './sealing/vault.js';
import { beside, casts, organizationSealed, type SealedColumn } from './sealing/columns.js';
import { wordIndex } from './sealing/wordIndex.js';

export interface Resealer {
  /** Goes on where it was. Answers how many values it sealed anew; 0 when there is nothing to do for now. */
  some(): Promise<number>;
}

interface Pass {
  /** The newest key of each organization that is gone through, by organization. */
  readonly versions: ReadonlyMap<string, number>;
  column: number;
  after: readonly unknown[] | null;
}

const BATCH = 500;
/** A process may seal with an older key for as long as it believes it: only after this are the older ones counted out. */
const GRACE_SECONDS = 300;

/**
 * Seals with the newest key of each organization what an older one sealed, or nobody did yet; then the older keys go. A pass goes through the tables
 * in the order of their keys, a batch at a time, beside everything else and beside other passes: what somebody has written meanwhile stays.
 */
export function createResealer(engine: Pool, keyring: Keyring, graceSeconds = GRACE_SECONDS): Resealer {
  let pass: Pass | null = null;
  const begin = async (): Promise<Pass | null> => {
    await makeMissingKeys(engine, keyring);
    const { rows } = await engine.query<{ id: string; version: number }>(
      `select organization_id as id, max(version) as version from platform.organization_keys group by organization_id
       having bool_or(settled_at is null) and max(created_at) <= now() - make_interval(secs => $1)`,
      [graceSeconds],
    );
    if (rows.length === 0) return null;
    await sealStrays(engine, keyring);
    for (const { id } of rows) keyring.forget(id);
    return { versions: new Map(rows.map(({ id, version }) => [id, version])), column: 0, after: null };
  };
  return {
    async some() {
      pass ??= await begin();
      if (!pass) return 0;
      const column = organizationSealed[pass.column];
      if (!column) {
        await settle(engine, pass.versions);
        pass = null;
        return 0;
      }
      const { moved, last } = await resealBatch(engine, keyring, column, pass);
      pass.after = last;
      if (last === null) pass.column += 1;
      // A batch in which nothing had to be done is work all the same: whoever asks comes back.
      return Math.max(moved, 1);
    },
  };
}

/** What arrived for nobody before such things were sealed. */
async function sealStrays(engine: Pool, keyring: Keyring): Promise<void> {
  const { rows } = await engine.query<{ id: string; payload: unknown }>(
    `select id, payload from platform.inbound_events where organization_id is null and processed_at is not null and jsonb_typeof(payload) <> 'string' limit ${BATCH}`,
  );
  for (const { id, payload } of rows)
    await engine.query('update platform.inbound_events set payload = $2::jsonb where id = $1', [
      id,
      keyring.inbound.sealJson(payload),
    ]);
}

/** Organizations of before this was sealed may have no key yet. */
async function makeMissingKeys(engine: Pool, keyring: Keyring): Promise<void> {
  const { rows } = await engine.query<{ id: string }>(
    `select id from platform.organizations o where not sealed
       and not exists (select 1 from platform.organization_keys k where k.organization_id = o.id)`,
  );
  for (const { id } of rows) await keyring.vault((text, values) => engine.query(text, values), id);
}

/** Nothing needs the older keys any more. A key that came meanwhile is settled by the next pass. */
async function settle(engine: Pool, versions: ReadonlyMap<string, number>): Promise<void> {
  await engine.query(
    `with passed as (select * from unnest($1::uuid[], $2::int[]) as p (organization_id, version)),
      settled as (update platform.organization_keys k set settled_at = now() from passed p
        where k.organization_id = p.organization_id and k.version = p.version),
      whole as (update platform.organizations o set sealed = true from passed p where o.id = p.organization_id and not o.sealed)
     delete from platform.organization_keys k using passed p where k.organization_id = p.organization_id and k.version < p.version`,
    [[...versions.keys()], [...versions.values()]],
  );
}

async function resealBatch(
  engine: Pool,
  keyring: Keyring,
  column: SealedColumn,
  { versions, after }: Pass,
): Promise<{ moved: number; last: readonly unknown[] | null }> {
  const { table, key, type, where = 'true' } = column;
  const isJson = casts[type] === 'jsonb';
  const names = key.join(', ');
  const start = after ? `and (${names}) > (${key.map((_, at) => `$${at + 2}`).join(', ')})` : '';
  const { columns, present } = beside[type] ?? { columns: '', present: `${column.column} is not null` };
  const written = isJson ? `, ${column.column}::text as written` : '';
  // The names are those of the list above.
  const statement = `select ${names}, organization_id as owner, ${column.column} as sealed${written}${columns} from platform.${table}
     where ${present} and ${where} and organization_id = any($1::uuid[]) ${start} order by ${names} limit ${BATCH}`;
  const { rows } = await engine.query<Row>(statement, [[...versions.keys()], ...(after ?? [])]);
  let moved = 0;
  for (const row of rows) {
    const vault = await keyring.vault((text, values) => engine.query(text, values), row.owner);
    if (type === 'address') moved += await sealAddress(engine, vault, row);
    else if (type === 'step' && row.sealed === null) moved += await sealStep(engine, vault, row);
    else moved += await sealAgain(engine, vault, row, column);
  }
  const end = rows.length < BATCH ? undefined : rows.at(-1);
  return { moved, last: end ? key.map((name) => end[name]) : null };
}

interface Row extends Record<string, unknown> {
  readonly owner: string;
  readonly sealed: unknown;
}

/** What somebody has written meanwhile stays. */
async function sealAgain(
  engine: Pool,
  vault: Vault,
  row: Row,
  { table, key, column, type }: SealedColumn,
): Promise<number> {
  const next = again(vault, row.sealed, type);
  if (next === null) return 0;
  // The names are those of the list above.
  const keyed = key.map((name, at) => `${name} = $${at + 3}`).join(' and ');
  const keys = key.map((name) => row[name]);
  const words = type === 'input' ? `, words = $${keys.length + 3}::int[]` : '';
  const statement = `update platform.${table} set ${column} = $1::${casts[type]}${words} where ${keyed} and ${column} = $2::${casts[type]}`;
  const before = 'written' in row ? row['written'] : row.sealed;
  const index = type === 'input' ? [wordIndex(vault, vault.openJson(row.sealed))] : [];
  const { rowCount } = await engine.query(statement, [next, before, ...keys, ...index]);
  return rowCount ?? 0;
}

/** A step from before they were sealed: what it was given and what came of it become one value. */
async function sealStep(engine: Pool, vault: Vault, row: Row): Promise<number> {
  const { input, output } = openStep(vault, NO_PACKS, row as unknown as StoredStep);
  const { rowCount } = await engine.query(
    `update platform.run_steps set payload = $1, input = null, output = null where run_id = $2 and path = $3 and attempt = $4 and payload is null
       and (input is not null or output is not null)`,
    [vault.seal(joinPayload(input, output)), row['run_id'], row['path'], row['attempt']],
  );
  return rowCount ?? 0;
}

/** The address of a contact; one from before it was sealed is its own index until now. */
async function sealAddress(engine: Pool, vault: Vault, row: Row): Promise<number> {
  const { external_id: known, channel_kind: kind } = row as unknown as { external_id: string; channel_kind: string };
  if (row.sealed !== null)
    return sealAgain(engine, vault, row, { table: 'contacts', key: ['id'], column: 'address', type: 'text' });
  const { rowCount } = await engine.query(
    `update platform.contacts k set address = $1, external_id = $2 where id = $3 and address is null and external_id = $4
       and not exists (select 1 from platform.contacts o where o.organization_id = k.organization_id and o.channel_kind = k.channel_kind and o.external_id = $2)`,
    [vault.sealText(known), contactIndex(vault, kind, known), row['id'], known],
  );
  return rowCount ?? 0;
}

/** The value as the newest key seals it; `null` when it is so already. */
function again(vault: Vault, stored: unknown, type: SealedColumn['type']): Buffer | string | null {
  const { bytes, text } = vault.head;
  const isNew = (value: unknown): boolean => typeof value === 'string' && value.startsWith(text);
  switch (type) {
    case 'bytes':
    case 'step': {
      const sealed = stored as Buffer;
      return sealed.subarray(0, bytes.length).equals(bytes) ? null : vault.seal(openBytes(vault, sealed));
    }
    case 'state': {
      const state = stored as Buffer;
      return isNewState(vault, state) ? null : sealState(vault, openState(vault, state));
    }
    case 'payload': {
      const { opaque, sealed, ...plain } = stored as Readonly<Record<string, unknown>>;
      if (Object.keys(plain).length === 0 && (sealed === undefined || isNew(sealed))) return null;
      return sealPayload(vault, { opaque, ...openPayload(vault, { sealed, ...plain }) });
    }
    case 'problem': {
      const { message } = stored as { readonly message?: unknown };
      if (typeof message !== 'string' || isNew(message)) return null;
      return JSON.stringify(sealProblem(vault, openProblem(vault, stored as { readonly message: string })));
    }
    case 'each': {
      const values = stored as Readonly<Record<string, unknown>>;
      if (Object.values(values).every(isNew)) return null;
      return JSON.stringify(sealEach(vault, openEach(vault, values) ?? {}));
    }
    case 'json':
    case 'input':
      // Nothing is not worth sealing, and what is emptied stays so.
      return stored === null || isNew(stored) ? null : vault.sealJson(vault.openJson(stored));
    default:
      return isNew(stored) ? null : vault.sealText(vault.openText(stored as string));
  }
}
