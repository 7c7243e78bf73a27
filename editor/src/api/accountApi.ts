import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { client, keepSession } from './api.js';
import * as operations from './generated/operations.js';
import type { PasswordBody } from './generated/types.js';
import type { NewPasskey, Session } from './types.js';

/** Passkeys belong to a name reached safely: an address of numbers has none. */
export const passkeysWork = (): boolean =>
  browserSupportsWebAuthn() && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

const kept = (session: Session): Session => {
  keepSession(session);
  return session;
};
const door = { anonymous: true } as const;

/** What a browser's passkey says, as plain JSON: its extensions are an interface that nothing else may be read into. */
const plain = <Said extends { readonly clientExtensionResults: object }>(said: Said) => ({
  ...said,
  clientExtensionResults: { ...said.clientExtensionResults } as Readonly<Record<string, unknown>>,
});

/** A person's own account: who they are, how they get in, where they are. */
export const accountApi = {
  read: () => client.call(operations.getAccount, {}),
  rename: (name: string) => client.call(operations.updateAccount, { body: { name } }),
  changeEmail: (body: { email: string; password: string }) => client.call(operations.changeEmail, { body }),
  resendVerification: () => client.call(operations.resendVerification, { body: {} }),
  changePassword: async (body: PasswordBody) => kept(await client.call(operations.changePassword, { body })),
  async remove(password: string): Promise<void> {
    await client.call(operations.deleteAccount, { body: { password } });
    keepSession(null);
  },

  beginTotp: (password: string) => client.call(operations.beginTotp, { body: { password } }),
  confirmTotp: (code: string) => client.call(operations.confirmTotp, { body: { code } }),
  dropTotp: (password: string) => client.call(operations.deleteTotp, { body: { password } }),
  recoveryCodes: (password: string) => client.call(operations.renewRecoveryCodes, { body: { password } }),
  passkeys: () => client.call(operations.listPasskeys, {}),
  async addPasskey(name: string, password: string): Promise<NewPasskey> {
    const begun = await client.call(operations.beginPasskey, { body: { password } });
    const optionsJSON = begun.options as unknown as PublicKeyCredentialCreationOptionsJSON;
    const response = plain(await startRegistration({ optionsJSON }));
    return client.call(operations.createPasskey, { body: { name, handle: begun.handle, response } });
  },
  dropPasskey: (id: string, password: string) =>
    client.call(operations.deletePasskey, { path: { id }, body: { password } }),
  /** With the challenge of a sign-in by password, or without one. */
  async signInWithPasskey(challenge?: string): Promise<Session> {
    const begun = await client.call(operations.beginPasskeyLogin, { body: challenge ? { challenge } : {} }, door);
    const optionsJSON = begun.options as unknown as PublicKeyCredentialRequestOptionsJSON;
    const response = plain(await startAuthentication({ optionsJSON }));
    return kept(await client.call(operations.loginWithPasskey, { body: { handle: begun.handle, response } }, door));
  },

  sessions: () => client.call(operations.listSessions, { query: { limit: 100 } }),
  endSession: (id: string) => client.call(operations.deleteSession, { path: { id } }),
  endOtherSessions: () => client.call(operations.deleteOtherSessions, {}),

  organizations: () => client.call(operations.listOrganizations, {}),
  makeOrganization: (name: string) => client.call(operations.createOrganization, { body: { name } }),
  switchTo: async (organizationId: string) =>
    kept(await client.call(operations.switchOrganization, { body: { organizationId } })),

  forgot: (email: string) => client.call(operations.forgotPassword, { body: { email } }, door),
  reset: (body: { token: string; password: string }) => client.call(operations.resetPassword, { body }, door),
  verifyEmail: (token: string) => client.call(operations.verifyEmail, { body: { token } }, door),
  lookAtInvitation: (token: string) => client.call(operations.lookAtInvitation, { body: { token } }, door),
  join: async (body: { token: string; name: string; password: string }) =>
    kept(await client.call(operations.joinByInvitation, { body }, door)),
  acceptInvitation: async (token: string) => kept(await client.call(operations.acceptInvitation, { body: { token } })),
} as const;
