import { createHash, randomInt } from 'node:crypto';
import type { Knex } from 'knex';

/** Crockford's base 32: nothing in it is taken for something else when it is read from paper. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const HOW_MANY = 10;
/** 80 bits: more than anybody tries, even with the hash in hand. */
const LENGTH = 16;

const makeCode = (): string =>
  Array.from({ length: LENGTH }, () => letters[randomInt(letters.length)])
    .join('')
    .replaceAll(/.{4}(?=.)/g, '$&-');

/** As it was made, however it was typed. */
const plain = (code: string): string =>
  code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');

const hashOf = (code: string): Buffer =>
  createHash('sha256')
    .update(`recovery_code ${plain(code)}`)
    .digest();

/** Ten new codes in place of all old ones. Returns them; only their hashes are kept. For `withIdentity`. */
export async function replaceRecoveryCodes(trx: Knex.Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, makeCode);
  await forgetRecoveryCodes(trx, userId);
  await trx.raw('insert into platform.recovery_codes (user_id, code_hash) select ?, unnest(?::bytea[])', [
    userId,
    codes.map(hashOf),
  ]);
  return codes;
}

export const forgetRecoveryCodes = (trx: Knex.Transaction, userId: string) =>
  trx.raw('delete from platform.recovery_codes where user_id = ?', [userId]);

/** Uses a code up. False when it is not one of the person's, or was used before. */
export async function useRecoveryCode(trx: Knex.Transaction, userId: string, code: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'update platform.recovery_codes set used_at = now() where user_id = ? and code_hash = ? and used_at is null returning 1',
    [userId, hashOf(code)],
  );
  return rows.length > 0;
}
