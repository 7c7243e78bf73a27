import { z } from 'zod';
import type { Json } from './json.js';
import type { Passage } from './context.js';

/** Any JSON value. Its JSON Schema is `{}`, which expressions read as "could be anything". */
export const anyJson = z.unknown() as unknown as z.ZodType<Json>;

/** A name that an expression can follow a dot with. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/)
  .max(40);

/** A passage of knowledge on its way between nodes. */
export const passageValue = z.object({
  id: z.string(),
  sourceId: z.string(),
  title: z.string(),
  text: z.string(),
  score: z.number(),
  updatedAt: z.string(),
}) satisfies z.ZodType<Passage>;

/** A source as it is kept with a message. */
export const sourceValue = z.object({ title: z.string(), passageId: z.string() });

const takenNames = ['other', 'default', 'error', 'in', 'constructor', 'prototype'];

/** Name of a way out that an author draws. The engine's own names and those of object prototypes are not to be had, and the JSON Schema says so. */
export const portName = identifier
  .refine((name) => !takenNames.includes(name), 'This name is taken; choose another.')
  .meta({ not: { enum: takenNames } });
