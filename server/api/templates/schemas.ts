import { z } from 'zod';
import { definitionView, page, text } from '../common.js';

/** The card of a template: the part of `templates/<slug>/template.json` that says what one hires. */
export const templateView = z
  .object({
    slug: z.string(),
    version: z.string(),
    title: text,
    summary: text,
    /** When it calls its owner. */
    callsYou: text,
    /** What it costs, in words. */
    cost: text,
    /** The pattern of holes of its face. */
    emblem: z.string(),
    /** Its colour among the six. */
    color: z.string(),
  })
  .meta({ id: 'Template' });
export type TemplateView = z.infer<typeof templateView>;

export const templateWithDefinition = templateView
  .extend({ definition: definitionView })
  .meta({ id: 'TemplateWithDefinition' });
export type TemplateWithDefinition = z.infer<typeof templateWithDefinition>;

export const templatesPage = page(templateView).meta({ id: 'TemplatePage' });
export const templateParams = z.strictObject({ slug: z.string().max(64) });
