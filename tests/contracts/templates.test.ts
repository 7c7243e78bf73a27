import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definitionSchema, type Definition } from '#engine/graph/definition.js';
import { resolve } from '#engine/graph/expressions/resolve.js';
import { validate } from '#engine/graph/validate.js';
import { nodeTypes, publicNodes } from '#nodes/registry.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { locales, type Locale } from '#nodes/sdk/text.js';
import { factsOf, outlineOf } from '#tests/support/facts.js';

const colors = ['mar', 'jambo', 'barro', 'anil', 'cana', 'pedra'] as const;
const bilingual = z
  .strictObject({ 'pt-BR': z.string().min(1), en: z.string().min(1) })
  .refine((text) => text['pt-BR'] !== text.en, 'is the same in both languages');

/** What `templates/<slug>/template.json` holds. The definition speaks Portuguese; `locales` says what another language changes. */
const templateFile = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: bilingual,
  summary: bilingual,
  callsYou: bilingual,
  cost: bilingual,
  emblem: z.string().min(1),
  color: z.enum(colors),
  definition: definitionSchema,
  locales: z.strictObject({
    en: z.strictObject({
      titles: z.record(z.string(), z.string().min(1).max(120)),
      config: z.record(z.string(), z.record(z.string(), z.json())).default({}),
    }),
  }),
});
type TemplateFile = z.output<typeof templateFile>;

/** Size of a node on the canvas, in pixels, and the step of its grid. */
const NODE = { width: 168, height: 50, grid: 4 };
/** Types whose texts are read by customers. */
const speaking = ['channel.send', 'human.handoff', 'human.ask'];

const folders = readdirSync('templates', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const read = (slug: string, ...path: string[]): string => readFileSync(join('templates', slug, ...path), 'utf8');

/** The definition as an organization of that language gets it. */
function localised({ definition, locales: others }: TemplateFile, locale: Locale): Definition {
  if (locale === 'pt-BR') return definition;
  const { titles, config } = others[locale];
  const nodes = definition.nodes.map((node) => ({
    ...node,
    title: titles[node.id] ?? '',
    config: { ...node.config, ...config[node.id] },
  }));
  return { ...definition, nodes };
}

it('there is something to hire', () => {
  expect(folders).toContain('customer-service');
});

describe.each(folders)('templates/%s', (slug) => {
  const template = templateFile.parse(JSON.parse(read(slug, 'template.json')));
  const { definition } = template;

  it('is called what its folder is called, and says so in a README', () => {
    expect(template.slug).toBe(slug);
    expect(read(slug, 'README.md')).toContain(template.title.en);
  });

  it.each(locales)('has nothing for the compiler to find, in %s', (locale) => {
    expect(validate(localised(template, locale), publicNodes(), { locale }).problems).toEqual([]);
  });

  it('names every step in both languages', () => {
    const { titles, config } = template.locales.en;
    expect(Object.keys(titles).toSorted()).toEqual(definition.nodes.map(({ id }) => id).toSorted());
    for (const node of definition.nodes) {
      expect(node.title, `${node.id} has no title`).toBeTruthy();
      expect(titles[node.id]).not.toBe(node.title);
    }
    for (const [id, fields] of Object.entries(config)) {
      const node = definition.nodes.find((one) => one.id === id);
      expect(Object.keys(node?.config ?? {})).toEqual(expect.arrayContaining(Object.keys(fields)));
    }
  });

  it('says in the other language whatever the author wrote for a model or the canvas', () => {
    const authored = definition.nodes.filter((node) => literalTexts(node.type, node.config).length > 0);
    expect(Object.keys(template.locales.en.config).toSorted()).toEqual(authored.map(({ id }) => id).toSorted());
    for (const node of authored) {
      const changed = { ...node.config, ...template.locales.en.config[node.id] };
      for (const text of literalTexts(node.type, node.config))
        expect(literalTexts(node.type, changed)).not.toContain(text);
    }
  });

  it('uses the same ways out in both languages', () => {
    const drawn = (locale: Locale): unknown[] =>
      localised(template, locale).nodes.map(({ type, config }) => {
        const from = nodeTypes.get(type)?.outputsFrom;
        const items = from ? config[from.field] : undefined;
        return from && Array.isArray(items) ? items.map((item) => (item as JsonObject)[from.nameKey]) : [];
      });
    expect(drawn('en')).toEqual(drawn('pt-BR'));
  });

  it('speaks to customers in their language, within the limits of the channel', () => {
    for (const node of definition.nodes.filter(({ type }) => speaking.includes(type))) {
      const said = locales.map((locale) => {
        const scope = { conversation: { locale }, steps: stepsIn(definition, locale) };
        const config = resolve(node.config as JsonObject, scope) as JsonObject;
        expect(nodeTypes.get(node.type)?.config.safeParse(config).error, node.id).toBeUndefined();
        return textsOf(config);
      });
      expect(said[0]?.length).toBe(said[1]?.length);
      for (const [index, text] of (said[0] ?? []).entries()) expect(text, node.id).not.toBe(said[1]?.[index]);
    }
  });

  it('offers a person wherever it has no answer', () => {
    const buttons = definition.nodes.filter(
      ({ type, config }) => type === 'channel.send' && config['text'] !== undefined,
    );
    for (const node of buttons) expect(JSON.stringify(node.config['buttons']), node.id).toContain('"person"');
  });

  it('tells the customer when a model fails', () => {
    const models = definition.nodes.filter(({ type }) => nodeTypes.get(type)?.kind === 'model');
    const main = models.filter(({ onError }) => onError !== 'continue');
    expect(main.length).toBeGreaterThan(0);
    for (const node of main) {
      expect(node.onError).toBe('route');
      expect(definition.edges.some((edge) => edge.from.node === node.id && edge.from.port === 'error')).toBe(true);
    }
  });

  it('is drawn from top to bottom, on the grid, nothing on top of anything', () => {
    const at = new Map(definition.nodes.map((node) => [node.id, node.position]));
    for (const { x, y } of at.values()) expect([x % NODE.grid, y % NODE.grid]).toEqual([0, 0]);
    for (const edge of definition.edges) {
      expect(at.get(edge.to.node)?.y, edge.id).toBeGreaterThan(at.get(edge.from.node)?.y ?? Infinity);
    }
    const overlaps = definition.nodes.flatMap((one, index) =>
      definition.nodes
        .slice(index + 1)
        .filter(
          (other) =>
            Math.abs(one.position.x - other.position.x) < NODE.width &&
            Math.abs(one.position.y - other.position.y) < NODE.height,
        )
        .map((other) => [one.id, other.id]),
    );
    expect(overlaps).toEqual([]);
  });

  it('describes its sample business in both languages', () => {
    const [portuguese, english] = locales.map((locale) => read(slug, `profile.${locale}.md`).trim());
    expect(portuguese).toBeTruthy();
    expect(english).toBeTruthy();
    expect(factsOf(portuguese ?? '', 'pt-BR')).toEqual(factsOf(english ?? '', 'en'));
  });

  it('knows the same in both languages, file by file', () => {
    const [portuguese = [], english = []] = locales.map((locale) =>
      readdirSync(join('templates', slug, 'knowledge', locale)).toSorted(),
    );
    expect(portuguese.length).toBeGreaterThan(0);
    expect(english.map((name) => name.slice(0, 2))).toEqual(portuguese.map((name) => name.slice(0, 2)));
    for (const [index, name] of portuguese.entries()) {
      const there = read(slug, 'knowledge', 'pt-BR', name);
      const here = read(slug, 'knowledge', 'en', english[index] ?? '');
      expect(factsOf(here, 'en'), name).toEqual(factsOf(there, 'pt-BR'));
      expect(outlineOf(here), name).toEqual(outlineOf(there));
    }
  });
});

/** Every step's value as far as a text may need it: the language of the customer. */
const stepsIn = (definition: Definition, locale: Locale): JsonObject =>
  Object.fromEntries(definition.nodes.map(({ id }) => [id, { locale }]));

/** Texts of a config that are used as written: instructions, and titles of drawn ways out. Names are no texts. */
function literalTexts(type: string, config: Readonly<Record<string, unknown>>): string[] {
  const schema = publicNodes().find((node) => node.type === type)?.config;
  const collect = (part: Json | undefined, value: unknown, name: string): string[] => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return [];
    if (typeof value === 'string') {
      const ui = part['ui'] as JsonObject | undefined;
      return ui?.['literal'] === true && name !== 'name' ? [value] : [];
    }
    if (Array.isArray(value)) return value.flatMap((item) => collect(part['items'], item, name));
    if (typeof value !== 'object' || value === null) return [];
    const properties = (part['properties'] ?? {}) as JsonObject;
    return Object.entries(value).flatMap(([key, item]) => collect(properties[key], item, key));
  };
  return collect(schema, config, '');
}

/** What a customer reads of a resolved config: its texts and titles, not its codes. */
function textsOf(value: Json, name = ''): string[] {
  if (typeof value === 'string')
    return ['text', 'title', 'message', 'question', 'description', 'button'].includes(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, key));
}
