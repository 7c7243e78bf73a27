import type { Database } from '#db/connect.js';
import { addressKey } from '../../plugins/callerAddress.js';

const DAYS = 30;

/** Whether the person of this e-mail has signed in from this address, or its subnet, in the last 30 days. */
export async function isKnownAddress(
  { db }: { readonly db: Database },
  email: string,
  address: string,
): Promise<boolean> {
  const { rows } = await db.withIdentity((trx) =>
    trx.raw<{ rows: { address: string }[] }>(
      `select distinct s.address from platform.sessions s join platform.users u on u.id = s.user_id
       where lower(u.email) = lower(?) and s.last_used_at > now() - make_interval(days => ?)`,
      [email, DAYS],
    ),
  );
  return rows.some((row) => addressKey(row.address) === addressKey(address));
}
