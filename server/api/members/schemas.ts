import { z } from 'zod';
import { roles } from '../../roles.js';
import { email, newPassword } from '../auth/schemas.js';
import { givenName, id, page, time } from '../common.js';

const role = z.enum(roles);
/** An owner is made by a transfer, not by a patch or an invitation. */
const givenRole = z.enum(['admin', 'member', 'viewer']);

/** The departments that somebody works in and sees; `null`: all of them, also those to come. Admins and owners always see all. */
const departments = z.array(id).min(1).max(100).nullable();

export const memberView = z
  .object({
    userId: id,
    name: z.string(),
    email: z.string(),
    role,
    departments: departments.readonly(),
    joinedAt: time,
    lastSeenAt: time.nullable(),
  })
  .meta({ id: 'Member' });
export const membersPage = page(memberView).meta({ id: 'MemberPage' });
export type MembersPage = z.infer<typeof membersPage>;
export const memberParams = z.strictObject({ userId: id });
export const memberPatch = z
  .strictObject({ role: givenRole.optional(), departments: departments.optional() })
  .refine((patch) => patch.role !== undefined || patch.departments !== undefined, 'says nothing')
  .meta({ id: 'MemberPatch' });
export type MemberPatch = z.infer<typeof memberPatch>;
export const transferBody = z.strictObject({ userId: id, password: z.string().max(200) }).meta({ id: 'TransferBody' });
export type TransferBody = z.infer<typeof transferBody>;

export const invitationCreate = z
  .strictObject({ email, role: givenRole, departments: departments.default(null) })
  .meta({ id: 'InvitationCreate' });
export type InvitationCreate = z.infer<typeof invitationCreate>;
export const invitationView = z
  .object({
    id,
    email: z.string(),
    role: givenRole,
    departments: departments.readonly(),
    invitedBy: z.string(),
    createdAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Invitation' });
export type InvitationView = z.infer<typeof invitationView>;
export const invitationsPage = page(invitationView).meta({ id: 'InvitationPage' });
export type InvitationsPage = z.infer<typeof invitationsPage>;

const token = z.string().min(1).max(200);
export const lookBody = z.strictObject({ token }).meta({ id: 'InvitationToken' });
export const invitationLook = z
  .object({
    organizationName: z.string(),
    email: z.string(),
    role: givenRole,
    /** Somebody has an account with this e-mail: they sign in instead of choosing a password. */
    hasAccount: z.boolean(),
  })
  .meta({ id: 'InvitationLook' });
export type InvitationLook = z.infer<typeof invitationLook>;
/** For whoever has no account yet. */
export const joinBody = z.strictObject({ token, name: givenName(120), password: newPassword }).meta({ id: 'JoinBody' });
export type JoinBody = z.infer<typeof joinBody>;

export const rolesView = z
  .object({ items: z.array(z.object({ role, permissions: z.array(z.string()).readonly() })).readonly() })
  .meta({ id: 'Roles' });
