import { z } from 'zod';
import type { PublicNode } from '#nodes/sdk/publicNode.js';

/** Built from the registry by `toPublicNode`, so its shape is known and not checked again. */
export const publicNodeView = z
  .looseObject({ type: z.string(), version: z.number(), kind: z.string(), group: z.string() })
  .meta({ id: 'NodeType' }) as z.ZodType as z.ZodType<PublicNode>;

export const nodeTypesPage = z
  .object({ items: z.array(publicNodeView).readonly(), nextCursor: z.null() })
  .meta({ id: 'NodeTypePage' });
export type NodeTypesPage = z.infer<typeof nodeTypesPage>;
