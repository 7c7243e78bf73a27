import { z } from 'zod';
import { priorities } from '#engine/graph/statuses.js';
import { anyJson, definitionInput, definitionView, id, listQuery, page, problem, time } from '../common.js';

export const departmentStatuses = ['draft', 'active', 'paused'] as const;

export const departmentView = z
  .object({
    id,
    name: z.string(),
    /** The slug of the template it was made from, or `custom`. */
    type: z.string(),
    status: z.enum(departmentStatuses),
    draft: definitionView,
    published: z.object({ version: z.int(), definition: definitionView }).nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Department' });
export type DepartmentView = z.infer<typeof departmentView>;

export const departmentsPage = page(departmentView);

export const departmentCreate = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    template: z.string().max(64).optional(),
    definition: definitionInput.optional(),
  })
  .refine((body) => !(body.template && body.definition), { message: 'give a template or a definition, not both' })
  .meta({ id: 'DepartmentCreate', examples: [{ name: 'Atendimento', template: 'customer-service' }] });
export type DepartmentCreate = z.infer<typeof departmentCreate>;

export const departmentPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    /** Only a published department can be active. */
    status: z.enum(['active', 'paused']).optional(),
  })
  .meta({ id: 'DepartmentPatch' });
export type DepartmentPatch = z.infer<typeof departmentPatch>;

export const draftBody = z.strictObject({ definition: definitionInput }).meta({ id: 'DraftBody' });
export const problemsView = z.object({ problems: z.array(problem).readonly() }).meta({ id: 'ProblemList' });

export const publishBody = z
  .strictObject({ note: z.string().trim().max(500).optional() })
  .nullish()
  .meta({ examples: [{ note: 'Responde sobre entrega' }] });
export const publishView = z
  .object({ version: z.int(), problems: z.array(problem).readonly() })
  .meta({ id: 'Published' });
export type PublishView = z.infer<typeof publishView>;

/** Somebody of the organization; without a name when they have left the platform. */
export const author = z.object({ id, name: z.string().nullable() });

export const versionView = z
  .object({
    version: z.int(),
    createdAt: time,
    createdBy: id.nullable(),
    publishedBy: author.nullable(),
    note: z.string().nullable(),
    /** Who had changed the draft since the version before. */
    authors: z.array(author).readonly(),
  })
  .meta({ id: 'DepartmentVersion' });
export const versionWithDefinition = versionView
  .extend({ definition: definitionView })
  .meta({ id: 'DepartmentVersionWithDefinition' });
export type VersionView = z.infer<typeof versionView>;
export type VersionWithDefinition = z.infer<typeof versionWithDefinition>;
export const versionsPage = page(versionView);
export const versionParams = z.strictObject({ id, version: z.coerce.number().int().min(1).max(2_147_483_647) });

export const runCreate = z
  .strictObject({
    input: anyJson,
    priority: z.enum(priorities).default('normal'),
    /** `draft` tries the draft as it stands; otherwise the published version runs. */
    version: z.literal('draft').optional(),
  })
  .meta({ id: 'RunCreate' });
export type RunCreate = z.infer<typeof runCreate>;

export const departmentsQuery = listQuery.extend({ status: z.enum(departmentStatuses).optional() });
export type DepartmentsQuery = z.infer<typeof departmentsQuery>;
