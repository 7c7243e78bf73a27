import type { z } from 'zod';
import type { FieldMeta } from './node.js';
import type { Text } from './text.js';

type FieldHints = Omit<FieldMeta, 'title'>;

/**
 * What `.meta()` of a config field takes. zod types a title as one string; ours has one per language and travels through
 * `z.toJSONSchema` unchanged, which is why the types part here and only here. Put it last: `z.string().default('').meta(field(...))`.
 */
export function field(title: Text, description: Text, ui: FieldHints['ui'] = {}): z.GlobalMeta {
  const meta: FieldMeta = { title, description, ui };
  return meta as unknown as z.GlobalMeta;
}
