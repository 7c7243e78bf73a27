import type { Knex } from 'knex';
import { audit } from '../../audit/record.js';
import { ApiError } from '../../errors.js';
import { admitAccount, findAccount } from '../auth/accounts.js';
import { holdPeople } from '../auth/holding.js';
import { issueOneTimeToken, useOneTimeToken } from '../auth/oneTimeTokens.js';
import type { AccountRow } from '../auth/present.js';
import type { Session } from '../auth/schemas.js';
import { openSession } from '../auth/service.js';
import type { Origin } from '../auth/sessions.js';
import { requestOptions, verifyAssertion } from './ceremonies.js';
import { factorsOf, FAILURES_SECONDS, readChallenge, spendChallenge, takeTry } from './challenges.js';
import { findPasskey, markUsed, passkeysOf } from './passkeys.js';
import { useRecoveryCode } from './recoveryCodes.js';
import type { RelyingParty } from './relyingParty.js';
import type { CodeBody, Factor, PasskeyLoginBody } from './schemas.js';
import type { FactorDeps } from './service.js';
import { useTotp } from './totp.js';

type Refused = 'challenge_ended' | 'rate_limited' | 'wrong_code' | 'bad_passkey';

/**
 * The second half of a sign-in by password: a code of the app, or a recovery code. Throws `wrong_code`; `challenge_ended` when the password must be
 * given again; `rate_limited` after ten wrong codes of this person in a quarter of an hour.
 */
export async function loginWithCode(deps: FactorDeps, body: CodeBody, origin: Origin): Promise<Session> {
  const code = body.code.replaceAll(/[\s-]/g, '');
  // Refusals are returned, not thrown: the try that was counted must be written.
  const result = await deps.db.withIdentity(async (trx): Promise<Session | Refused> => {
    const open = await takeTry(trx, body.challenge);
    if (typeof open === 'string') return open;
    const account = await accountOf(trx, open);
    if (!account) return 'challenge_ended';
    const byApp = /^\d{6}$/.test(code);
    const right = byApp
      ? await useTotp(trx, deps.keyring, open.userId, code)
      : await useRecoveryCode(trx, open.userId, code);
    if (!right) {
      await audit(trx, by(account, origin), {
        action: 'session.refuse',
        details: { factor: byApp ? 'totp' : 'recovery_code' },
      });
      return 'wrong_code';
    }
    await spendChallenge(trx, open.id);
    if (!byApp) await tellCodeUsed(deps, trx, account);
    return enter(deps, trx, account, origin, byApp ? 'totp' : 'recovery_code');
  });
  return admitted(result);
}

/** Options for the browser: after a password one of the person's passkeys, else any. Throws `challenge_ended`. */
export async function askPasskey(deps: FactorDeps, party: RelyingParty, challenge: string | undefined) {
  return deps.db.withIdentity(async (trx) => {
    const open = challenge === undefined ? null : await readChallenge(trx, challenge);
    if (challenge !== undefined && !open) throw new ApiError('challenge_ended');
    const options = await requestOptions(party, open && (await passkeysOf(trx, open.userId)));
    const handle = await issueOneTimeToken(trx, 'passkey_login', {
      ...(open && { userId: open.userId, organizationId: open.organizationId }),
      data: { challenge: options.challenge, loginChallenge: open?.id ?? null },
    });
    return { handle, options: { ...options } };
  });
}

/** Signs in by passkey, alone or after a password. Throws `bad_passkey`, `challenge_ended`. */
export async function loginWithPasskey(
  deps: FactorDeps,
  party: RelyingParty,
  { handle, response }: PasskeyLoginBody,
  origin: Origin,
): Promise<Session> {
  // Spent first, in a transaction of its own: a challenge is good for one answer, right or wrong.
  const { asked, passkey } = await deps.db.withIdentity(async (trx) => ({
    asked: await useOneTimeToken(trx, 'passkey_login', handle),
    passkey: await findPasskey(trx, response.id),
  }));
  const challenge = asked?.data['challenge'];
  const loginChallenge = asked?.data['loginChallenge'];
  if (!asked || !passkey || typeof challenge !== 'string') throw new ApiError('bad_passkey');
  if (asked.userId !== null && asked.userId !== passkey.user_id) throw new ApiError('bad_passkey');
  const counter = await verifyAssertion(party, challenge, passkey, response, {
    userVerification: asked.userId === null,
  });
  const result = await deps.db.withIdentity(async (trx): Promise<Session | Refused> => {
    await holdPeople(trx, passkey.user_id);
    if (!(await markUsed(trx, passkey.id, counter))) return 'bad_passkey';
    if (typeof loginChallenge === 'string' && !(await spendChallenge(trx, loginChallenge))) return 'challenge_ended';
    const account = await accountOf(trx, { userId: passkey.user_id, organizationId: asked.organizationId });
    if (!account) return 'bad_passkey';
    return enter(deps, trx, account, origin, 'passkey');
  });
  return admitted(result);
}

/** Where the sign-in began, or where the person still is. */
const accountOf = async (
  trx: Knex.Transaction,
  { userId, organizationId }: { readonly userId: string; readonly organizationId: string | null },
): Promise<AccountRow | null> =>
  (organizationId && (await findAccount(trx, { userId, organizationId }))) || admitAccount(trx, { userId });

async function enter(
  deps: FactorDeps,
  trx: Knex.Transaction,
  account: AccountRow,
  origin: Origin,
  factor: Factor,
): Promise<Session> {
  await audit(trx, by(account, origin), { action: 'session.open', details: { factor } });
  return openSession(deps, trx, account, origin);
}

/** A recovery code is a spare key: that one was used is worth a mail, with how many are left. */
async function tellCodeUsed({ mailer }: FactorDeps, trx: Knex.Transaction, account: AccountRow): Promise<void> {
  const { recoveryCodesLeft: left } = await factorsOf(trx, account.user_id);
  const { email: to, mail_locale: locale, user_name: name } = account;
  await mailer.queue(trx, { to, locale, template: 'recovery_code_used', data: { name, left } });
}

const by = (account: AccountRow, origin: Origin) => ({
  organizationId: account.organization_id,
  userId: account.user_id,
  name: account.user_name,
  apiKey: null,
  origin,
});

function admitted(result: Session | Refused): Session {
  if (typeof result !== 'string') return result;
  throw new ApiError(result, result === 'rate_limited' ? { retryAfterSeconds: FAILURES_SECONDS } : {});
}
