import { z } from 'zod';
import { roles } from '../../roles.js';
import { givenName, id, locale, page, time } from '../common.js';

export const organizationView = z
  .object({
    id,
    name: z.string(),
    slug: z.string(),
    locale,
    timezone: z.string(),
    /** The caller's role. */
    role: z.enum(roles),
    /** The business in its owner's words; every agent reads it. */
    profile: z.string(),
    /** True when no model key is set: answers come from the sandbox and cost nothing. */
    sandbox: z.boolean(),
    /** Most that models may cost in a day of its time zone, in centavos of a real; null: no limit. Past it departments stop and a person takes over. */
    dailyBudgetCents: z.int().nullable(),
    /** Most messages that its departments send one customer in a minute. */
    repliesPerMinute: z.int(),
  })
  .meta({ id: 'Organization' });
export type OrganizationView = z.infer<typeof organizationView>;

/** An IANA time zone that this machine knows. */
export const timezone = z.string().max(64).refine(isTimezone, 'not a time zone');

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const organizationPatch = z
  .strictObject({
    name: givenName(255).optional(),
    locale: locale.optional(),
    timezone: timezone.optional(),
    profile: z.string().max(20_000).optional(),
    /** Centavos; 0 lets no model be called. */
    dailyBudgetCents: z.int().min(0).max(100_000_000).nullable().optional(),
    repliesPerMinute: z.int().min(1).max(60).optional(),
  })
  .meta({ id: 'OrganizationPatch' });
export type OrganizationPatch = z.infer<typeof organizationPatch>;

export const organizationCreate = z
  .strictObject({ name: givenName(255), locale: locale.optional(), timezone: timezone.optional() })
  .meta({ id: 'OrganizationCreate' });
export type OrganizationCreate = z.infer<typeof organizationCreate>;

export const myOrganization = z
  .object({
    id,
    name: z.string(),
    slug: z.string(),
    locale,
    timezone: z.string(),
    role: z.enum(roles),
    /** Where this session is. */
    current: z.boolean(),
  })
  .meta({ id: 'MyOrganization' });
export type MyOrganization = z.infer<typeof myOrganization>;
/** All of them: nobody belongs to so many that they would need pages. */
export const myOrganizationsPage = page(myOrganization).meta({ id: 'MyOrganizationPage' });

export const keyRenewed = z
  .object({
    /** How many keys there have been. */
    version: z.int(),
  })
  .meta({ id: 'KeyRenewed', examples: [{ version: 2 }] });
export type KeyRenewed = z.infer<typeof keyRenewed>;

/** Runs are counted no further. */
export const MOST_KEPT = 10_000;
const days = z.int().min(1).max(3_650);
export const retention = z
  .object({
    payloadDays: days.meta({
      description: 'Days after its end for which what a run worked on is kept: input, output, steps, answers',
    }),
    runDays: days.meta({
      description: 'Days after its end for which the run itself is kept, without payloads at last',
    }),
  })
  .meta({ id: 'Retention', examples: [{ payloadDays: 90, runDays: 730 }] });
export const retentionView = retention
  .extend({
    kept: z
      .object({
        payloads: z.int().meta({ description: 'Runs that ended and of which it is known what they worked on' }),
        runs: z.int().meta({ description: 'Runs that ended, with those' }),
        oldestPayload: time.nullable().meta({ description: 'When the first of `payloads` ended' }),
        oldestRun: time.nullable().meta({ description: 'When the first of `runs` ended' }),
      })
      .readonly()
      .meta({ description: `What there is now, of what the caller may see; counted up to ${MOST_KEPT}` }),
  })
  .meta({ id: 'RetentionView' });
export type RetentionView = z.infer<typeof retentionView>;
export type Retention = z.infer<typeof retention>;

export const retentionPatch = z
  .strictObject({ payloadDays: days.optional(), runDays: days.optional() })
  .meta({ id: 'RetentionPatch', examples: [{ payloadDays: 30 }] });
export type RetentionPatch = z.infer<typeof retentionPatch>;
