import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Locale } from '#nodes/sdk/text.js';
import { ApiError } from '../../errors.js';
import { holdPeople } from './holding.js';
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
    mail_locale: locale,
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

type Stored = AccountRow & { readonly password_hash: string };

type Whose = { readonly email: string } | { readonly userId: string; readonly organizationId?: string };

/**
 * The account of an e-mail or a person, in the organization that is asked for or else their oldest, with its password hash. `null` when there is
 * none, or when they belong there no more. For `withIdentity`.
 */
export async function findAccount(trx: Knex.Transaction, whose: Whose): Promise<Stored | null> {
  const account = await readAccount(trx, whose);
  return account?.organization_id ? account : null;
}

/**
 * The same for somebody at the door. Whoever belongs nowhere any more, removed from their last organization, gets one of their own: a person can
 * always sign in, be invited again, and take their account away.
 */
export async function admitAccount(
  trx: Knex.Transaction,
  whose: { readonly email: string } | { readonly userId: string },
): Promise<Stored | null> {
  const account = await readAccount(trx, whose);
  if (!account || account.organization_id) return account;
  await giveHome(trx, account);
  return findAccount(trx, whose);
}

/** Somebody who belongs nowhere is there too, with an organization of nulls, unless one is asked for. */
async function readAccount(trx: Knex.Transaction, whose: Whose): Promise<Stored | null> {
  const [where, value, organizationId] =
    'email' in whose
      ? ['lower(u.email) = lower(:value)', whose.email, null]
      : ['u.id = :value', whose.userId, whose.organizationId ?? null];
  const { rows } = await trx.raw<{ rows: Stored[] }>(
    `select u.id as user_id, u.name as user_name, u.email, u.password_hash, coalesce(u.locale, o.locale) as mail_locale,
       o.id as organization_id, o.name as organization_name, o.slug, o.locale, o.timezone, m.role
     from platform.users u
     left join (platform.memberships m join platform.organizations o on o.id = m.organization_id) on m.user_id = u.id
     where ${where} and (:organizationId::uuid is null or o.id = :organizationId) order by m.created_at limit 1`,
    { value, organizationId },
  );
  return rows[0] ?? null;
}

/** An organization of their own for a person without any. */
async function giveHome(
  trx: Knex.Transaction,
  { user_id: userId, user_name: name, mail_locale }: Stored,
): Promise<void> {
  // Held until the end: of two sign-ins at once the second finds what the first has made.
  await holdPeople(trx, userId);
  const { rows } = await trx.raw<{ rows: unknown[] }>('select 1 from platform.memberships where user_id = ? limit 1', [
    userId,
  ]);
  if (rows.length > 0) return;
  const id = uuidv7();
  // Read from the person alone: it may be null, whatever the type says of people who belong somewhere.
  const locale = (mail_locale as Locale | null) ?? 'pt-BR';
  await createOrganization(trx, id, { name, locale, timezone: 'America/Recife', profile: '' });
  await trx.raw(`insert into platform.memberships (organization_id, user_id, role) values (?, ?, 'owner')`, [
    id,
    userId,
  ]);
}
