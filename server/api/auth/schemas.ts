import { z } from 'zod';
import { givenName, id, locale } from '../common.js';

export const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email())
  .meta({ examples: ['lucia@paodalucia.com.br'] });

/** NIST SP 800-63B: at least 8 characters, long ones allowed, no composition rules. */
export const newPassword = z
  .string()
  .min(8)
  .max(200)
  .meta({ examples: ['pão quentinho às 6'] });

export const registerBody = z
  .strictObject({
    email,
    password: newPassword,
    name: givenName(120),
    organizationName: givenName(255),
    locale: locale.optional(),
    /** An IANA name; America/Recife when absent. */
    timezone: z.string().max(64).optional(),
  })
  .meta({ id: 'RegisterBody' });
export type RegisterBody = z.infer<typeof registerBody>;

export const loginBody = z.strictObject({ email, password: z.string().max(200) }).meta({ id: 'LoginBody' });
export type LoginBody = z.infer<typeof loginBody>;

export const refreshBody = z.strictObject({ refreshToken: z.string().min(1).max(200) }).meta({ id: 'RefreshBody' });
export type RefreshBody = z.infer<typeof refreshBody>;

export const sampleBody = z
  .strictObject({ locale: locale.optional() })
  .nullish()
  .meta({ description: 'The language of the sample bakery; pt-BR when absent' });

export const sessionUser = z.object({ id, name: z.string(), email: z.string() });
export const sessionOrganization = z.object({
  id,
  name: z.string(),
  slug: z.string(),
  locale,
  timezone: z.string(),
});

export const session = z
  .object({
    /** Good for 15 minutes; send it as `Authorization: Bearer`. */
    accessToken: z.string(),
    /** Good for 7 days and once: a second use ends every session that grew from it. */
    refreshToken: z.string(),
    user: sessionUser,
    organization: sessionOrganization,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;
