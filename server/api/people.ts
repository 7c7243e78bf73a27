import type { Database } from '#db/connect.js';

/** Names of people by their ids, which stand in rows of the organization already. Whoever has left the platform has none. */
export async function namesOf(db: Database, ids: Iterable<string | null>): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set([...ids].filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const { rows } = await db.withIdentity((trx) =>
    trx.raw<{ rows: { id: string; name: string }[] }>(
      'select id, name from platform.users where id = any (?::uuid[])',
      [wanted],
    ),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
