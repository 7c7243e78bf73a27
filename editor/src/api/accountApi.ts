import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { client, keepSession } from './api.js';
import type {
  AccountView,
  InvitationLook,
  MyOrganization,
  NewPasskey,
  PasskeyView,
  Session,
  SessionsPage,
} from './types.js';

/** Passkeys belong to a name reached safely: an address of numbers has none. */
export const passkeysWork = (): boolean =>
  browserSupportsWebAuthn() && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

const kept = (session: Session): Session => {
  keepSession(session);
  return session;
};
const door = { anonymous: true } as const;

/** A person's own account: who they are, how they get in, where they are. */
export const accountApi = {
  read: () => client.get<AccountView>('/account'),
  rename: (name: string) => client.patch<AccountView>('/account', { body: { name } }),
  changeEmail: (body: { email: string; password: string }) => client.post('/account/email', { body }),
  resendVerification: () => client.post('/account/verify-email', { body: {} }),
  changePassword: async (body: { currentPassword: string; newPassword: string }) =>
    kept(await client.post<Session>('/account/password', { body })),
  async remove(password: string): Promise<void> {
    await client.delete('/account', { body: { password } });
    keepSession(null);
  },

  beginTotp: (password: string) =>
    client.post<{ secret: string; uri: string }>('/account/totp', { body: { password } }),
  confirmTotp: (code: string) => client.post<{ recoveryCodes: string[] }>('/account/totp/confirm', { body: { code } }),
  dropTotp: (password: string) => client.delete('/account/totp', { body: { password } }),
  recoveryCodes: (password: string) =>
    client.post<{ recoveryCodes: string[] }>('/account/recovery-codes', { body: { password } }),
  passkeys: () => client.get<{ items: readonly PasskeyView[] }>('/account/passkeys'),
  async addPasskey(name: string, password: string): Promise<NewPasskey> {
    const begun = await client.post<{ handle: string; options: PublicKeyCredentialCreationOptionsJSON }>(
      '/account/passkeys/options',
      { body: { password } },
    );
    const response = await startRegistration({ optionsJSON: begun.options });
    return client.post<NewPasskey>('/account/passkeys', { body: { name, handle: begun.handle, response } });
  },
  dropPasskey: (id: string, password: string) => client.delete(`/account/passkeys/${id}`, { body: { password } }),
  /** With the challenge of a sign-in by password, or without one. */
  async signInWithPasskey(challenge?: string): Promise<Session> {
    const begun = await client.post<{ handle: string; options: PublicKeyCredentialRequestOptionsJSON }>(
      '/auth/passkeys/options',
      { body: challenge ? { challenge } : {}, ...door },
    );
    const response = await startAuthentication({ optionsJSON: begun.options });
    const body = { handle: begun.handle, response };
    return kept(await client.post<Session>('/auth/passkeys/login', { body, ...door }));
  },

  sessions: () => client.get<SessionsPage>('/auth/sessions', { query: { limit: 100 } }),
  endSession: (id: string) => client.delete(`/auth/sessions/${id}`),
  endOtherSessions: () => client.delete('/auth/sessions'),

  organizations: () => client.get<{ items: readonly MyOrganization[] }>('/organizations'),
  makeOrganization: (name: string) => client.post<MyOrganization>('/organizations', { body: { name } }),
  switchTo: async (organizationId: string) =>
    kept(await client.post<Session>('/auth/switch', { body: { organizationId } })),

  forgot: (email: string) => client.post('/auth/password/forgot', { body: { email }, ...door }),
  reset: (body: { token: string; password: string }) => client.post('/auth/password/reset', { body, ...door }),
  verifyEmail: (token: string) => client.post('/auth/verify-email', { body: { token }, ...door }),
  lookAtInvitation: (token: string) =>
    client.post<InvitationLook>('/auth/invitations/look', { body: { token }, ...door }),
  join: async (body: { token: string; name: string; password: string }) =>
    kept(await client.post<Session>('/auth/invitations/join', { body, ...door })),
  acceptInvitation: async (token: string) =>
    kept(await client.post<Session>('/auth/invitations/accept', { body: { token } })),
} as const;
