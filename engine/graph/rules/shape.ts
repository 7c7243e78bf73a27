import type { z } from 'zod';
import type { Locale, Text } from '#nodes/sdk/text.js';
import {
  definitionSchema,
  edgeDefinition,
  nodeDefinition,
  type Definition,
  type EdgeDefinition,
  type NodeDefinition,
} from '../definition.js';
import { schemaTypeName, type Place, type Report } from '../report.js';

export interface Shaped {
  /** The definition, or as much of it as is in shape. */
  readonly definition: Definition;
  /** Whether all of it is. */
  readonly whole: boolean;
  readonly misshapen: ReadonlySet<string>;
}

/**
 * Parses a definition and reports every fault of its shape, with its path. What is in shape is kept, so that the other rules can
 * still say what they see.
 */
export function checkShape(value: unknown, report: Report): Shaped {
  const parsed = definitionSchema.safeParse(value);
  if (parsed.success) return { definition: parsed.data, whole: true, misshapen: new Set() };
  for (const issue of parsed.error.issues) reportIssue(issue, value, report);

  const misshapen = new Set<string>();
  const keep = <Part>(list: unknown, schema: z.ZodType<Part>): Part[] =>
    items(list).flatMap((item) => {
      const part = schema.safeParse(item);
      if (part.success) return [part.data];
      misshapen.add(idOf(item) ?? '');
      return [];
    });
  const nodes: NodeDefinition[] = keep(field(value, 'nodes'), nodeDefinition);
  const edges: EdgeDefinition[] = keep(field(value, 'edges'), edgeDefinition);
  return { definition: { format: 1, nodes, edges, settings: {} }, whole: false, misshapen };
}

type Issue = z.core.$ZodIssue;

function reportIssue(issue: Issue, value: unknown, report: Report): void {
  const place = placeOf(issue.path, value);
  const name = String(issue.path.at(-1) ?? '');
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      report.add('shape.unknown_field', { ...place, path: [place.path, key].filter(Boolean).join('.') }, { name: key });
    }
  } else if (issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined) {
    report.add('shape.missing_field', place, { name });
  } else report.add('shape.invalid', place, { name, reason: reasonOf(issue, report.locale) });
}

/** `nodes.3.config.x` becomes the node's id and `config.x`. */
function placeOf(path: readonly PropertyKey[], value: unknown): Place {
  const [list, index, ...rest] = path;
  if ((list === 'nodes' || list === 'edges') && typeof index === 'number') {
    const id = idOf(items(field(value, list))[index]);
    const inside = rest.map(String).join('.');
    if (id !== undefined) return list === 'nodes' ? { nodeId: id, path: inside } : { edgeId: id, path: inside };
  }
  return { path: path.map(String).join('.') };
}

function reasonOf(issue: Issue, locale: Locale): string {
  const say = (text: Text): string => text[locale];
  switch (issue.code) {
    case 'invalid_type':
      return say({ 'pt-BR': 'precisa ser ', en: 'it must be ' }) + say(schemaTypeName(jsonName(issue.expected)));
    case 'too_big':
      return say({ 'pt-BR': 'o máximo é ', en: 'the most is ' }) + String(issue.maximum);
    case 'too_small':
      return say({ 'pt-BR': 'o mínimo é ', en: 'the least is ' }) + String(issue.minimum);
    case 'invalid_value':
      return say({ 'pt-BR': 'só vale ', en: 'it can only be ' }) + issue.values.map(String).join(', ');
    case 'invalid_format':
      return say({
        'pt-BR': 'use letras sem acento, números, "_" e "-", até 64',
        en: 'use unaccented letters, digits, "_" and "-", at most 64',
      });
    default:
      return say({ 'pt-BR': 'o valor não serve', en: 'the value will not do' });
  }
}

/** zod's name of a type in JSON Schema's words. */
const jsonName = (expected: string): string =>
  ({ int: 'integer', record: 'object', bool: 'boolean' })[expected] ?? expected;

const field = (value: unknown, name: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<PropertyKey, unknown>)[name]
    : undefined;

const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const idOf = (value: unknown): string | undefined => {
  const id = field(value, 'id');
  return typeof id === 'string' ? id.slice(0, 100) : undefined;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce(field, value);
