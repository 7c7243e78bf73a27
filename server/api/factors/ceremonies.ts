import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { ApiError } from '../../errors.js';
import type { PasskeyRow, VerifiedPasskey } from './passkeys.js';
import type { RelyingParty } from './relyingParty.js';
import type { PasskeyBody, PasskeyLoginBody } from './schemas.js';

/** Milliseconds that a person has in front of the browser's question; the handle lives as long. */
const TIMEOUT = 5 * 60_000;

/** With its certificates and their formats it is half a second of a start, so it is loaded by the first who has a passkey. */
const webAuthn = () => import('@simplewebauthn/server');

/** Asks for a passkey that can be found without a name, behind the device's own lock. */
export const registrationOptions = async (
  { id: rpID }: RelyingParty,
  person: { readonly userId: string; readonly email: string; readonly name: string },
  existing: readonly PasskeyRow[],
) =>
  (await webAuthn()).generateRegistrationOptions({
    rpName: 'AI Departments',
    rpID,
    userID: new TextEncoder().encode(person.userId),
    userName: person.email,
    userDisplayName: person.name,
    timeout: TIMEOUT,
    attestationType: 'none',
    excludeCredentials: existing.map((row) => ({ id: row.credential_id, transports: row.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });

/** Throws `bad_passkey`. */
export async function verifyRegistration(
  party: RelyingParty,
  expectedChallenge: string,
  response: PasskeyBody['response'],
): Promise<VerifiedPasskey> {
  const { verifyRegistrationResponse } = await webAuthn();
  const { verified, registrationInfo } = await refusing(() =>
    verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }),
  );
  if (!verified) throw new ApiError('bad_passkey');
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: response.response.transports ?? [],
    backedUp: credentialBackedUp,
  };
}

/** @param allowed the person's passkeys after a password; `null` lets the browser offer whichever it has */
export const requestOptions = async ({ id: rpID }: RelyingParty, allowed: readonly PasskeyRow[] | null) =>
  (await webAuthn()).generateAuthenticationOptions({
    rpID,
    timeout: TIMEOUT,
    userVerification: allowed ? 'preferred' : 'required',
    ...(allowed && {
      allowCredentials: allowed.map((row) => ({ id: row.credential_id, transports: row.transports })),
    }),
  });

/**
 * Whether this passkey signed this challenge on our page. Returns its new counter. `userVerification`: the device has checked who holds it, which
 * a passkey in place of a password must show. Throws `bad_passkey`.
 */
export async function verifyAssertion(
  party: RelyingParty,
  expectedChallenge: string,
  passkey: PasskeyRow,
  response: PasskeyLoginBody['response'],
  { userVerification }: { readonly userVerification: boolean },
): Promise<number> {
  const { userHandle } = response.response;
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== passkey.user_id)
    throw new ApiError('bad_passkey');
  const { verifyAuthenticationResponse } = await webAuthn();
  const { verified, authenticationInfo } = await refusing(() =>
    verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: {
        id: passkey.credential_id,
        publicKey: new Uint8Array(passkey.public_key),
        counter: Number(passkey.counter),
      },
      requireUserVerification: userVerification,
    }),
  );
  if (!verified) throw new ApiError('bad_passkey');
  return authenticationInfo.newCounter;
}

/** The library throws plain errors for whatever does not fit. */
async function refusing<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (cause) {
    throw new ApiError('bad_passkey', { cause });
  }
}
