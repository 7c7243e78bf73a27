import { z } from 'zod';
import { auditActions, type AuditAction } from '../../audit/actions.js';
import { id, listQuery, offsetTimeAsked, page, time } from '../common.js';

const actionNames = Object.keys(auditActions) as [AuditAction, ...AuditAction[]];
const actorTypes = ['person', 'api_key', 'system'] as const;

export const auditEntryView = z
  .object({
    id,
    at: time,
    actor: z.object({
      type: z.enum(actorTypes),
      /** The person's id, or the key's; null for the platform itself. */
      id: id.nullable(),
      /** As it was then. */
      name: z.string(),
    }),
    /** `<resource>.<verb>` */
    action: z.string().meta({ examples: ['department.publish'] }),
    target: z.object({ type: z.string(), id: z.string(), name: z.string() }).nullable(),
    address: z.string(),
    userAgent: z.string(),
    /** As answers and our log name the request. */
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .readonly()
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.infer<typeof auditEntryView>;
export const auditPage = page(auditEntryView).meta({ id: 'AuditPage' });

const filters = {
  /** A person's or a key's id, or `system`. */
  actor: z.union([id, z.literal('system')]).optional(),
  action: z.enum(actionNames).optional(),
  /** The id of what it was done to. */
  target: z.string().min(1).max(200).optional(),
  from: offsetTimeAsked.optional(),
  /** Up to, and without, this moment. */
  to: offsetTimeAsked.optional(),
  /** Part of a name, of an action or of the address it came from, in any case. */
  q: z.string().trim().min(1).max(100).optional(),
};

export const auditQuery = listQuery.extend(filters);
export type AuditQuery = z.infer<typeof auditQuery>;

export const exportFormats = ['csv', 'ndjson'] as const;
export const exportQuery = z.strictObject({ format: z.enum(exportFormats).default('csv'), ...filters });
export type ExportQuery = z.infer<typeof exportQuery>;
export type AuditFilters = Omit<ExportQuery, 'format'>;
