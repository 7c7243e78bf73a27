import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Locale } from '#nodes/sdk/text.js';
import { ApiError } from '../../errors.js';
import type { AccountRow } from './present.js';

export interface NewAccount {
  readonly email: string;
  readonly passwordHash: string;
  readonly name: string;
  readonly organization: {
    readonly name: string;
    readonly locale: Locale;
    readonly timezone: string;
    readonly profile: string;
  };
}

/** A person, their organization, and that they own it. Throws `email_taken`. For `withIdentity`. */
export async function createAccount(trx: Knex.Transaction, account: NewAccount): Promise<AccountRow> {
  const userId = await createUser(trx, account);
  const organizationId = uuidv7();
  const slug = await createOrganization(trx, organizationId, account.organization);
  await trx.raw(`insert into platform.memberships (organization_id, user_id, role) values (?, ?, 'owner')`, [
    organizationId,
    userId,
  ]);
  const { name, locale, timezone } = account.organization;
  return {
    user_id: userId,
    user_name: account.name,
    email: account.email,
    organization_id: organizationId,
    organization_name: name,
    slug,
    locale,
    timezone,
    role: 'owner',
  };
}

/** A person. Throws `email_taken`. Returns the id. */
export async function createUser(
  trx: Knex.Transaction,
  { email, name, passwordHash }: Pick<NewAccount, 'email' | 'name' | 'passwordHash'>,
): Promise<string> {
  const id = uuidv7();
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    'insert into platform.users (id, email, name, password_hash) values (?, ?, ?, ?) on conflict do nothing returning id',
    [id, email, name, passwordHash],
  );
  if (rows.length === 0) throw new ApiError('email_taken');
  return id;
}

/** Returns its slug. */
export async function createOrganization(
  trx: Knex.Transaction,
  id: string,
  organization: NewAccount['organization'],
): Promise<string> {
  const base = slugOf(organization.name);
  // A taken slug gets four random characters; twice in a row the same ones is not worth a loop.
  for (const slug of [base, `${base}-${randomBytes(3).toString('hex')}`, id]) {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `insert into platform.organizations (id, name, slug, locale, timezone, profile) values (?, ?, ?, ?, ?, ?)
       on conflict (slug) do nothing returning id`,
      [id, organization.name, slug, organization.locale, organization.timezone, organization.profile],
    );
    if (rows.length > 0) return slug;
  }
  throw new Error('no free slug');
}

function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 80) || 'organization';
}

/** The account that signs in with this e-mail, with its password hash; `null` when there is none. For `withIdentity`. */
export async function findAccount(
  trx: Knex.Transaction,
  by: { readonly email: string } | { readonly userId: string; readonly organizationId?: string },
): Promise<(AccountRow & { readonly password_hash: string }) | null> {
  const [where, values] =
    'email' in by
      ? ['lower(u.email) = lower(?)', [by.email]]
      : [
          'u.id = ? and (?::uuid is null or o.id = ?)',
          [by.userId, by.organizationId ?? null, by.organizationId ?? null],
        ];
  const { rows } = await trx.raw<{ rows: (AccountRow & { password_hash: string })[] }>(
    `select u.id as user_id, u.name as user_name, u.email, u.password_hash,
       o.id as organization_id, o.name as organization_name, o.slug, o.locale, o.timezone, m.role
     from platform.users u
     join platform.memberships m on m.user_id = u.id
     join platform.organizations o on o.id = m.organization_id
     where ${where} order by m.created_at limit 1`,
    values as Knex.RawBinding[],
  );
  return rows[0] ?? null;
}
