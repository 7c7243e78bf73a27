import type { Knex } from 'knex';
import type { Keyring } from '#db/seal.js';
import { audit } from '../../audit/record.js';
import { ApiError, found, notFound } from '../../errors.js';
import type { MailData } from '../../mail/templates.js';
import type { PersonSession } from '../../plugins/authenticate.js';
import { confirmPassword } from '../account/password.js';
import { findAccount } from '../auth/accounts.js';
import { holdCaller } from '../auth/holding.js';
import { issueOneTimeToken, useOneTimeToken } from '../auth/oneTimeTokens.js';
import type { AuthDeps } from '../auth/service.js';
import { registrationOptions, verifyRegistration } from './ceremonies.js';
import { factorsOf, hasFactor } from './challenges.js';
import { insertPasskey, passkeysOf, presentPasskey, removePasskey } from './passkeys.js';
import { forgetRecoveryCodes, replaceRecoveryCodes } from './recoveryCodes.js';
import type { RelyingParty } from './relyingParty.js';
import type { NewPasskey, PasskeyBody, PasskeyView } from './schemas.js';
import { beginTotp, removeTotp, useTotp } from './totp.js';

export interface FactorDeps extends AuthDeps {
  readonly keyring: Keyring;
}

type FactorChange = MailData['factor_changed']['change'];

/**
 * A factor that comes or goes is told by mail and recorded. Nobody is signed out: who adds one wants more safety for the next sign-in, not to begin
 * again on every device; whoever fears a stranger ends sessions in the list of them.
 */
async function tell(
  { mailer }: FactorDeps,
  trx: Knex.Transaction,
  session: PersonSession,
  change: FactorChange,
): Promise<void> {
  const { email: to, mail_locale: locale, user_name: name } = found(await findAccount(trx, session));
  await audit(trx, session, { action: 'account.factors', details: { change } });
  await mailer.queue(trx, { to, locale, template: 'factor_changed', data: { name, change } });
}

/** A secret for an authenticator app, in force once a code of it is shown. Throws `wrong_password`, `totp_exists`. */
export async function addTotp(
  deps: FactorDeps,
  session: PersonSession,
  password: string,
): Promise<{ secret: string; uri: string }> {
  const { userId } = session;
  await confirmPassword(deps, userId, password);
  const begun = await deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    const { email } = found(await findAccount(trx, { userId }));
    return beginTotp(trx, deps.keyring, { userId, email });
  });
  if (!begun) throw new ApiError('totp_exists');
  return begun;
}

/** From here on sign-in asks for a code. Returns new recovery codes. Throws `wrong_code`. */
export const confirmTotp = (deps: FactorDeps, session: PersonSession, code: string): Promise<string[]> =>
  deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    const right = await useTotp(trx, deps.keyring, session.userId, code.replaceAll(/\s/g, ''), { confirming: true });
    if (!right) throw new ApiError('wrong_code');
    await tell(deps, trx, session, 'totp_added');
    return replaceRecoveryCodes(trx, session.userId);
  });

/** Throws `wrong_password`, `not_found`. */
export async function dropTotp(deps: FactorDeps, session: PersonSession, password: string): Promise<void> {
  await confirmPassword(deps, session.userId, password);
  await deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    if (!(await removeTotp(trx, session.userId))) throw notFound();
    await afterRemoval(deps, trx, session, 'totp_removed');
  });
}

/** Ten new codes; the old ones are dead. Throws `wrong_password`, and `no_factor` when there is nothing to recover from. */
export async function renewRecoveryCodes(
  deps: FactorDeps,
  session: PersonSession,
  password: string,
): Promise<string[]> {
  await confirmPassword(deps, session.userId, password);
  return deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    if (!hasFactor(await factorsOf(trx, session.userId))) throw new ApiError('no_factor');
    await tell(deps, trx, session, 'recovery_codes');
    return replaceRecoveryCodes(trx, session.userId);
  });
}

export const listPasskeys = ({ db }: FactorDeps, { userId }: PersonSession): Promise<PasskeyView[]> =>
  db.withIdentity(async (trx) => (await passkeysOf(trx, userId)).map(presentPasskey));

/** What the browser asks its authenticators. Throws `wrong_password`. */
export async function beginPasskey(deps: FactorDeps, { userId }: PersonSession, party: RelyingParty, password: string) {
  await confirmPassword(deps, userId, password);
  return deps.db.withIdentity(async (trx) => {
    const { email, user_name: name } = found(await findAccount(trx, { userId }));
    const options = await registrationOptions(party, { userId, email, name }, await passkeysOf(trx, userId));
    const { challenge } = options;
    return {
      options: { ...options },
      handle: await issueOneTimeToken(trx, 'passkey_registration', { userId, data: { challenge } }),
    };
  });
}

/** Throws `bad_passkey`, also for a handle that was used, is too old or another person's. */
export async function addPasskey(
  deps: FactorDeps,
  session: PersonSession,
  party: RelyingParty,
  { handle, name, response }: PasskeyBody,
): Promise<NewPasskey> {
  // Spent before anything is verified, and in a transaction of its own: a challenge is good for one answer, right or wrong.
  const asked = await deps.db.withIdentity((trx) => useOneTimeToken(trx, 'passkey_registration', handle));
  const challenge = asked?.data['challenge'];
  if (asked?.userId !== session.userId || typeof challenge !== 'string') throw new ApiError('bad_passkey');
  const verified = await verifyRegistration(party, challenge, response);
  return deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    const first = !hasFactor(await factorsOf(trx, session.userId));
    const row = await insertPasskey(trx, session.userId, name, verified);
    if (!row) throw new ApiError('bad_passkey');
    await tell(deps, trx, session, 'passkey_added');
    return { ...presentPasskey(row), recoveryCodes: first ? await replaceRecoveryCodes(trx, session.userId) : null };
  });
}

/** Throws `wrong_password`, `not_found`. */
export async function dropPasskey(
  deps: FactorDeps,
  session: PersonSession,
  id: string,
  password: string,
): Promise<void> {
  await confirmPassword(deps, session.userId, password);
  await deps.db.withIdentity(async (trx) => {
    await holdCaller(trx, session);
    if ((await removePasskey(trx, session.userId, id)) === null) throw notFound();
    await afterRemoval(deps, trx, session, 'passkey_removed');
  });
}

/** Recovery codes stand in for another factor: with the last one they go too. */
async function afterRemoval(deps: FactorDeps, trx: Knex.Transaction, session: PersonSession, change: FactorChange) {
  if (!hasFactor(await factorsOf(trx, session.userId))) await forgetRecoveryCodes(trx, session.userId);
  await tell(deps, trx, session, change);
}
