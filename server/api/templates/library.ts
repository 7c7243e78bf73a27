import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { definitionSchema } from '#engine/graph/definition.js';
import { locales, type Locale } from '#nodes/sdk/text.js';
import { templateView } from './schemas.js';

/** What a business of that kind knows, so that a newcomer can try the template before writing anything. */
export interface TemplateSample {
  readonly profile: string;
  readonly documents: readonly { readonly title: string; readonly content: string }[];
}

export interface TemplateLibrary {
  /** In the order of their folders. */
  list(): readonly Template[];
  find(slug: string): Template | null;
  /** Throws when the template brings no sample in that language. */
  sample(slug: string, locale: Locale): Promise<TemplateSample>;
}

const words = z.object({
  /** By node id. */
  titles: z.record(z.string(), z.string()).default({}),
  /** Fields of a node's config, by node id. */
  config: z.record(z.string(), z.record(z.string(), z.json())).default({}),
});
const templateFile = templateView.extend({
  definition: definitionSchema,
  /** What the definition says differently in a language. */
  locales: z.partialRecord(z.enum(locales), words).optional(),
});
export type Template = z.infer<typeof templateFile>;
const slugPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Reads every `<slug>/template.json` of a directory, once. Throws, naming the file, when one of them is not a template. */
export async function openTemplates(directory: string): Promise<TemplateLibrary> {
  const entries = await readdir(directory, { withFileTypes: true });
  const slugs = entries.filter((entry) => entry.isDirectory() && slugPattern.test(entry.name)).map(({ name }) => name);
  const read = await Promise.all(slugs.toSorted().map((slug) => readTemplate(directory, slug)));
  const templates = new Map(read.filter((template) => template !== null).map((template) => [template.slug, template]));
  return {
    list: () => [...templates.values()],
    find: (slug) => templates.get(slug) ?? null,
    sample: (slug, locale) => readSample(join(directory, slug), locale),
  };
}

async function readTemplate(directory: string, slug: string): Promise<Template | null> {
  const path = join(directory, slug, 'template.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = templateFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  if (parsed.data.slug !== slug) throw new Error(`${path}: its slug is ${parsed.data.slug}`);
  return parsed.data;
}

async function readSample(folder: string, locale: Locale): Promise<TemplateSample> {
  const knowledge = join(folder, 'knowledge', locale);
  const names = (await readdir(knowledge)).filter((name) => name.endsWith('.md')).toSorted();
  const [profile, documents] = await Promise.all([
    readFile(join(folder, `profile.${locale}.md`), 'utf8'),
    Promise.all(names.map((name) => readDocument(join(knowledge, name)))),
  ]);
  return { profile: profile.trim(), documents };
}

async function readDocument(path: string): Promise<{ title: string; content: string }> {
  const content = await readFile(path, 'utf8');
  return { title: /^#\s+(.+)$/m.exec(content)?.[1]?.trim() ?? basename(path, '.md'), content };
}
