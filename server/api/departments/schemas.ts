import { z } from 'zod';
import { nodeIdPattern, type EdgeDefinition, type NodeDefinition } from '#engine/graph/definition.js';
import { priorities } from '#engine/graph/statuses.js';
import { effectsChoice, pins } from '../runs/schemas.js';
import {
  givenName,
  anyJson,
  author,
  definitionInput,
  definitionView,
  id,
  listQuery,
  page,
  problem,
  time,
} from '../common.js';

export const departmentStatuses = ['draft', 'active', 'paused'] as const;

/** Parts of a definition that has been looked through already: not walked again. */
const nodeView = anyJson as z.ZodType as z.ZodType<NodeDefinition>;
const edgeView = anyJson as z.ZodType as z.ZodType<EdgeDefinition>;

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
    name: givenName(120),
    template: z.string().max(64).optional(),
    definition: definitionInput.optional(),
  })
  .refine((body) => !(body.template && body.definition), { message: 'give a template or a definition, not both' })
  .meta({ id: 'DepartmentCreate', examples: [{ name: 'Atendimento', template: 'customer-service' }] });
export type DepartmentCreate = z.infer<typeof departmentCreate>;

export const departmentPatch = z
  .strictObject({
    name: givenName(120).optional(),
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

const fieldChange = z.object({ path: z.string(), before: anyJson.optional(), after: anyJson.optional() });
/** Layout apart: a node that was only moved says so. */
export const diffView = z
  .object({
    nodes: z.object({
      added: z.array(nodeView).readonly(),
      removed: z.array(nodeView).readonly(),
      changed: z
        .array(z.object({ nodeId: z.string(), fields: z.array(fieldChange).readonly(), onlyMoved: z.boolean() }))
        .readonly(),
    }),
    edges: z.object({ added: z.array(edgeView).readonly(), removed: z.array(edgeView).readonly() }),
    settings: z.array(fieldChange).readonly(),
    /** Nothing differs but what is for the eye: places, notes, locks. */
    runsTheSame: z.boolean(),
  })
  .meta({ id: 'DefinitionDiff' });
export type DiffView = z.infer<typeof diffView>;
export const compareParams = versionParams.extend({ other: z.coerce.number().int().min(1).max(2_147_483_647) });

export const draftChangesView = z
  .object({
    /** The version that is live; `null` before the first. */
    since: z.int().nullable(),
    /** `null` while part of the draft is out of shape: the problems say which. */
    diff: diffView.nullable(),
    authors: z.array(author).readonly(),
    /** Who changed which field last, newest first. */
    fields: z
      .array(
        z.object({
          /** `null` for edges and settings, whose path says which. */
          nodeId: z.string().nullable(),
          /** Empty for a whole node. A field of a config counts with all that is in it. */
          path: z.string(),
          author,
          at: time,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'DraftChanges' });
export type DraftChangesView = z.infer<typeof draftChangesView>;

export const runCreate = z
  .strictObject({
    input: anyJson,
    priority: z.enum(priorities).default('normal'),
    /** `draft` tries the draft as it stands; otherwise the published version runs. */
    version: z.literal('draft').optional(),
    /** A draft can be rehearsed: nothing is done outside. What is live is performed. */
    effects: effectsChoice.default('perform'),
    until: z.string().regex(nodeIdPattern).optional().meta({
      description:
        'Of a draft: the last step to execute. Only it and what leads to it runs, and only that has to be without problems',
    }),
    pins: pins.optional(),
  })
  .refine((body) => body.version === 'draft' || (body.effects === 'perform' && !body.until && !body.pins), {
    path: ['version'],
    message: 'only a draft is rehearsed, run in part or given pins',
  })
  .refine((body) => !body.pins || body.effects === 'rehearse', {
    path: ['pins'],
    message: 'only a rehearsal takes pins',
  })
  .meta({
    id: 'RunCreate',
    examples: [{ input: { text: 'Que horas vocês abrem?' }, version: 'draft', effects: 'rehearse' }],
  });
export type RunCreate = z.infer<typeof runCreate>;

export const departmentsQuery = listQuery.extend({ status: z.enum(departmentStatuses).optional() });
export type DepartmentsQuery = z.infer<typeof departmentsQuery>;
