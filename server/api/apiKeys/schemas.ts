import { z } from 'zod';
import { permissions, type Permission } from '../../permissions.js';
import { givenName, id, page, time } from '../common.js';

const scope = z.enum(permissions as [Permission, ...Permission[]]);

export const apiKeyCreate = z
  .strictObject({
    name: givenName(120),
    /** What it may do: at most what you may. */
    permissions: z.array(scope).min(1).max(100),
    /** The departments that it sees; all of them when `null` or absent. */
    departments: z.array(id).min(1).max(100).nullable().default(null),
    /** It is good until then; for ever when absent, or until the end of the key that makes it. */
    expiresAt: time.optional(),
  })
  .meta({ id: 'ApiKeyCreate' });
export type ApiKeyCreate = z.infer<typeof apiKeyCreate>;

const fields = {
  id,
  name: z.string(),
  /** The beginning of the key, to tell it from others. */
  prefix: z.string(),
  permissions: z.array(z.string()).readonly(),
  departments: z.array(id).readonly().nullable(),
  createdBy: id,
  createdAt: time,
  lastUsedAt: time.nullable(),
  expiresAt: time.nullable(),
};
export const apiKeyView = z.object(fields).meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeyView>;
/** The only time that the whole key is shown. */
export const newApiKey = z.object({ ...fields, key: z.string() }).meta({ id: 'NewApiKey' });
export type NewApiKey = z.infer<typeof newApiKey>;
export const apiKeysPage = page(apiKeyView).meta({ id: 'ApiKeyPage' });
export type ApiKeysPage = z.infer<typeof apiKeysPage>;
