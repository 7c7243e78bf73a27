import { client, keepSession } from './api.js';
import type {
  ApiKeyCreate,
  ApiKeysPage,
  AuditEntryView,
  InvitationsPage,
  MembersPage,
  NewApiKey,
  Page,
} from './types.js';

const here = '/organizations/current';
export type Member = MembersPage['items'][number];
export type GivenRole = 'admin' | 'member' | 'viewer';

/** Who works in the organization, which programs do, and what they all did. */
export const peopleApi = {
  members: () => client.get<MembersPage>(`${here}/members`, { query: { limit: 100 } }),
  changeRole: (userId: string, role: GivenRole) => client.patch(`${here}/members/${userId}`, { body: { role } }),
  remove: (userId: string) => client.delete(`${here}/members/${userId}`),
  transfer: (body: { userId: string; password: string }) => client.post(`${here}/transfer`, { body }),
  /** The session ends here: they go on where they still belong. */
  async leave(): Promise<void> {
    await client.post(`${here}/leave`, { body: {} });
    keepSession(null);
  },
  async removeOrganization(password: string): Promise<void> {
    await client.delete(here, { body: { password } });
    keepSession(null);
  },
  invitations: () => client.get<InvitationsPage>(`${here}/invitations`, { query: { limit: 100 } }),
  invite: (body: { email: string; role: GivenRole }) => client.post(`${here}/invitations`, { body }),
  resend: (id: string) => client.post(`${here}/invitations/${id}/resend`, { body: {} }),
  withdraw: (id: string) => client.delete(`${here}/invitations/${id}`),
  roles: () => client.get<{ items: readonly { role: string; permissions: readonly string[] }[] }>(`${here}/roles`),

  apiKeys: () => client.get<ApiKeysPage>('/api-keys', { query: { limit: 100 } }),
  makeKey: (body: ApiKeyCreate) => client.post<NewApiKey>('/api-keys', { body }),
  revokeKey: (id: string) => client.delete(`/api-keys/${id}`),

  audit: (query: { q?: string; cursor?: string }) =>
    client.get<Page<AuditEntryView>>('/audit', { query: { limit: 50, ...query } }),
  auditCsv: () => client.text('/audit/export', { query: { format: 'csv' } }),
} as const;
