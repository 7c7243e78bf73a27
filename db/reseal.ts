import type { Pool } from 'pg';
import type { Keyring } from './seal.js';
import type { Vault } from './sealing/vault.js';

/** A column that holds what is sealed with the key of its row's organization. */
export interface SealedColumn {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
  /** `bytes` are sealed wherever they are; `text` and `json` may still be from before they were. */
  readonly type: 'bytes' | 'text' | 'json';
}

/** Everything that is sealed with the keys of organizations. A contract test finds the columns of bytes and asks for a line here. */
export const organizationSealed: readonly SealedColumn[] = [
  { table: 'connections', key: ['id'], column: 'sealed_secret', type: 'bytes' },
  { table: 'idempotency_keys', key: ['organization_id', 'key'], column: 'sealed_response', type: 'bytes' },
];

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
  { table, key, column, type }: SealedColumn,
  { versions, after }: Pass,
): Promise<{ moved: number; last: readonly unknown[] | null }> {
  const names = key.join(', ');
  const start = after ? `and (${names}) > (${key.map((_, at) => `$${at + 2}`).join(', ')})` : '';
  const { rows } = await engine.query<Record<string, unknown>>(
    `select ${names}, organization_id as owner, ${column} as sealed${type === 'json' ? `, ${column}::text as written` : ''} from platform.${table}
     where ${column} is not null and organization_id = any($1::uuid[]) ${start} order by ${names} limit ${BATCH}`,
    [[...versions.keys()], ...(after ?? [])],
  );
  const cast = { bytes: 'bytea', text: 'text', json: 'jsonb' }[type];
  let moved = 0;
  for (const row of rows) {
    const vault = await keyring.vault((text, values) => engine.query(text, values), row['owner'] as string);
    const next = again(vault, row['sealed'], type);
    if (next === null) continue;
    const { rowCount } = await engine.query(
      `update platform.${table} set ${column} = $1::${cast} where ${key.map((name, at) => `${name} = $${at + 3}`).join(' and ')} and ${column} = $2::${cast}`,
      [next, type === 'json' ? row['written'] : row['sealed'], ...key.map((name) => row[name])],
    );
    moved += rowCount ?? 0;
  }
  const end = rows.length < BATCH ? undefined : rows.at(-1);
  return { moved, last: end ? key.map((name) => end[name]) : null };
}

/** The value as the newest key seals it; `null` when it is so already. */
function again(vault: Vault, stored: unknown, type: SealedColumn['type']): Buffer | string | null {
  const { bytes, text } = vault.head;
  if (type === 'bytes') {
    const sealed = stored as Buffer;
    return sealed.subarray(0, bytes.length).equals(bytes) ? null : vault.seal(vault.open(sealed));
  }
  if (typeof stored === 'string' && stored.startsWith(text)) return null;
  return type === 'text' ? vault.sealText(vault.openText(stored as string)) : vault.sealJson(vault.openJson(stored));
}
