import { z } from 'zod';
import type { Capability, NodeGroup, NodeKind } from '#nodes/sdk/node.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import { anyJson, page, text } from '../common.js';

const kinds = [
  'trigger',
  'pure',
  'read',
  'model',
  'effect',
  'wait',
  'loop',
  'forEach',
  'department',
] as const satisfies readonly NodeKind[];
const groups = ['trigger', 'agent', 'logic', 'human', 'data', 'channel'] as const satisfies readonly NodeGroup[];
const capabilities = [
  'models',
  'knowledge',
  'conversation',
  'contacts',
  'channel',
  'http',
] as const satisfies readonly Capability[];

const jsonSchema = z.record(z.string(), anyJson).meta({ description: 'A JSON Schema, draft 2020-12' });
const port = z.object({ name: z.string(), title: text });

/** Built from the registry by `toPublicNode`, so its shape is known and not checked again. */
export const publicNodeView = z
  .object({
    type: z.string(),
    version: z.int(),
    /** What it is to the engine. */
    kind: z.enum(kinds),
    group: z.enum(groups),
    title: text,
    summary: text,
    /** Name of a lucide icon. */
    icon: z.string(),
    needs: z.array(z.enum(capabilities)),
    /** What it does to the outside world. */
    effects: z.array(z.object({ name: z.string(), summary: text })),
    config: jsonSchema,
    inputs: z.array(port),
    /** The ways out; an edge names one of them as its `port`. */
    outputs: z.array(port.extend({ schema: jsonSchema })),
    /** Ways out that the author draws: one for each item of the array in this field of the config. */
    outputsFrom: z
      .object({
        field: z.string(),
        nameKey: z.string(),
        titleKey: z.string(),
        schema: jsonSchema,
        /** What one of `outputs` is called once some are drawn. */
        rest: z.object({ port: z.string(), title: text }).optional(),
      })
      .optional(),
  })
  .meta({ id: 'NodeType' }) as z.ZodType as z.ZodType<PublicNode>;

export const nodeTypesPage = page(publicNodeView).meta({ id: 'NodeTypePage' });
