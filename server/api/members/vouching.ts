import type { Knex } from 'knex';
import { audit, type AuditActor } from '../../audit/record.js';
import { ApiError } from '../../errors.js';
import { may } from '../../permissions.js';
import type { Role } from '../../roles.js';
import type { OneTimeToken } from '../auth/oneTimeTokens.js';
import type { InvitationCreate } from './schemas.js';

export interface InvitationData {
  readonly email: string;
  readonly role: InvitationCreate['role'];
  /** Absent in invitations from before there were limits. */
  readonly departments?: readonly string[] | null;
  /** Their name, as it was then. */
  readonly invitedBy: string;
  /** The person who vouches for it. Absent in invitations from before this was written down. */
  readonly invitedById?: string;
}

export interface Invitation {
  readonly organizationId: string;
  readonly data: InvitationData;
}

export const OPEN = `purpose = 'invitation' and used_at is null and expires_at > now()`;

export function readInvitation(token: OneTimeToken | null): Invitation {
  if (!token?.organizationId) throw new ApiError('bad_token');
  // Written by `invite` alone.
  return { organizationId: token.organizationId, data: token.data as unknown as InvitationData };
}

export const vouchedBy = ({ userId, name }: { readonly userId: string; readonly name: string }) => ({
  invitedBy: name,
  invitedById: userId,
});

/** The open invitations of somebody who may not invite any more are void: nobody leaves a door open behind them. For `withIdentity`. */
export async function withdrawInvitationsOf(
  trx: Knex.Transaction,
  actor: AuditActor,
  organizationId: string,
  userId: string,
): Promise<void> {
  const { rows } = await trx.raw<{ rows: { id: string; data: InvitationData }[] }>(
    `update platform.one_time_tokens set used_at = now()
     where ${OPEN} and organization_id = ? and data ->> 'invitedById' = ? returning id, data`,
    [organizationId, userId],
  );
  for (const { id, data } of rows)
    await audit(
      trx,
      { ...actor, organizationId },
      { action: 'invitation.revoke', target: { type: 'invitation', id, name: data.email } },
    );
}

/**
 * An invitation holds as long as who wrote it may invite: one that was written while its author was losing that is found by nobody who withdraws.
 * Throws `bad_token`.
 */
export async function stillVouchedFor(trx: Knex.Transaction, token: OneTimeToken | null): Promise<Invitation> {
  const invitation = readInvitation(token);
  const { organizationId, data } = invitation;
  if (data.invitedById === undefined) return invitation;
  const { rows } = await trx.raw<{ rows: { role: Role }[] }>(
    'select role from platform.memberships where organization_id = ? and user_id = ?',
    [organizationId, data.invitedById],
  );
  if (!rows.some(({ role }) => may(role, 'members:write'))) throw new ApiError('bad_token');
  return invitation;
}
