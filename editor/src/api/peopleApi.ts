import { client, keepSession } from './api.js';
import * as operations from './generated/operations.js';
import type {
  ApiKeyCreate,
  InvitationCreate,
  Member as MemberView,
  MemberPatch,
  RetentionPatch,
} from './generated/types.js';
import type { AuditFilters } from './types.js';

export type Member = MemberView;
export type GivenRole = 'admin' | 'member' | 'viewer';
const all = { query: { limit: 100 } } as const;

/** Who works in the organization, which programs do, and what they all did. */
export const peopleApi = {
  retention: () => client.call(operations.getRetention, {}),
  patchRetention: (body: RetentionPatch) => client.call(operations.updateRetention, { body }),
  members: () => client.call(operations.listMembers, all),
  change: (userId: string, body: MemberPatch) => client.call(operations.updateMember, { path: { userId }, body }),
  remove: (userId: string) => client.call(operations.deleteMember, { path: { userId } }),
  transfer: (body: { userId: string; password: string }) => client.call(operations.transferOrganization, { body }),
  /** The session ends here: they go on where they still belong. */
  async leave(): Promise<void> {
    await client.call(operations.leaveOrganization, { body: {} });
    keepSession(null);
  },
  async removeOrganization(password: string): Promise<void> {
    await client.call(operations.deleteOrganization, { body: { password } });
    keepSession(null);
  },
  invitations: () => client.call(operations.listInvitations, all),
  invite: (body: InvitationCreate) => client.call(operations.createInvitation, { body }),
  async resend(id: string): Promise<void> {
    await client.call(operations.resendInvitation, { path: { id }, body: {} });
  },
  withdraw: (id: string) => client.call(operations.deleteInvitation, { path: { id } }),
  roles: () => client.call(operations.listRoles, {}),

  apiKeys: () => client.call(operations.listApiKeys, all),
  makeKey: (body: ApiKeyCreate) => client.call(operations.createApiKey, { body }),
  revokeKey: (id: string) => client.call(operations.deleteApiKey, { path: { id } }),

  audit: (filters: AuditFilters, cursor: string) =>
    client.call(operations.listAuditEntries, { query: { limit: 50, ...filters, ...(cursor && { cursor }) } }),
  auditCsv: (filters: AuditFilters) => client.call(operations.exportAudit, { query: { format: 'csv', ...filters } }),
} as const;
