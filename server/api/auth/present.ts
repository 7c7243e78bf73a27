import type { Locale } from '#nodes/sdk/text.js';
import type { Role } from '../../roles.js';
import type { Session } from './schemas.js';

export interface AccountRow {
  readonly user_id: string;
  readonly user_name: string;
  readonly email: string;
  readonly organization_id: string;
  readonly organization_name: string;
  readonly slug: string;
  /** The organization's. */
  readonly locale: Locale;
  /** What the person reads: their own language, else the organization's. */
  readonly mail_locale: Locale;
  readonly timezone: string;
  readonly role: Role;
}

export const presentAccount = (row: AccountRow): Pick<Session, 'user' | 'organization'> => ({
  user: { id: row.user_id, name: row.user_name, email: row.email },
  organization: {
    id: row.organization_id,
    name: row.organization_name,
    slug: row.slug,
    locale: row.locale,
    timezone: row.timezone,
  },
});
