import { z } from 'zod';
import { roles } from '../../roles.js';
import { email, newPassword } from '../auth/schemas.js';
import { givenName, id, locale, page, time } from '../common.js';

const password = z.string().max(200);

export const accountView = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    /** Waits for its mail to be followed. */
    pendingEmail: z.string().nullable(),
    locale: locale.nullable(),
    /** What signs in besides the password. */
    factors: z.object({ totp: z.boolean(), passkeys: z.number().int(), recoveryCodesLeft: z.number().int() }),
    organizations: z.array(z.object({ id, name: z.string(), role: z.enum(roles), current: z.boolean() })).readonly(),
  })
  .meta({ id: 'Account' });
export type AccountView = z.infer<typeof accountView>;

export const accountPatch = z
  .strictObject({ name: givenName(120).optional(), locale: locale.optional() })
  .meta({ id: 'AccountPatch' });
export type AccountPatch = z.infer<typeof accountPatch>;

export const emailBody = z.strictObject({ email, password }).meta({ id: 'EmailBody' });
export const passwordBody = z
  .strictObject({
    currentPassword: password,
    newPassword,
    /** The API keys that you made go on working; without this they end with the old password. */
    keepApiKeys: z.boolean().optional(),
  })
  .meta({ id: 'PasswordBody' });
export type PasswordBody = z.infer<typeof passwordBody>;
export const confirmBody = z.strictObject({ password }).meta({ id: 'ConfirmBody' });

export const sessionView = z
  .object({
    id,
    /** The one that asks. */
    current: z.boolean(),
    organizationId: id,
    userAgent: z.string(),
    address: z.string(),
    createdAt: time,
    lastUsedAt: time,
    expiresAt: time,
  })
  .meta({ id: 'SignIn' });
export const sessionsPage = page(sessionView).meta({ id: 'SignInPage' });
export type SessionsPage = z.infer<typeof sessionsPage>;

export const tokenBody = z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'TokenBody' });
export const forgotBody = z.strictObject({ email }).meta({ id: 'ForgotBody' });
export const resetBody = z
  .strictObject({ token: z.string().min(1).max(200), password: newPassword })
  .meta({ id: 'ResetBody' });
export type ResetBody = z.infer<typeof resetBody>;
export const switchBody = z.strictObject({ organizationId: id }).meta({ id: 'SwitchBody' });
export const ticketView = z.object({ ticket: z.string(), expiresAt: time }).meta({ id: 'Ticket' });
