import type { Database } from '#db/connect.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { Role } from '../../roles.js';

/** What a role can be limited to: whoever manages the house sees all of it. Throws `bad_input` for an admin with a list. */
export function grantedTo(role: Role, departments: readonly string[] | null | undefined): readonly string[] | null {
  if (!departments) return null;
  if (role === 'member' || role === 'viewer') return [...new Set(departments)];
  throw new ApiError('bad_input', {
    details: [{ path: 'departments', message: 'an admin sees every department; make them a member or a viewer first' }],
  });
}

/** Throws `bad_input` when one of them is not a department of the caller's organization. */
export async function requireDepartments(db: Database, session: Session, ids: readonly string[]): Promise<void> {
  const asked = [...new Set(ids)];
  const { rows } = await db.withOrganization(session, (trx) =>
    trx.raw<{ rows: unknown[] }>(
      'select 1 from platform.departments where id = any(?::uuid[]) and dismissed_at is null',
      [asked],
    ),
  );
  if (rows.length === asked.length) return;
  throw new ApiError('bad_input', { details: [{ path: 'departments', message: 'not a department of yours' }] });
}
