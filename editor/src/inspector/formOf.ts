import { derefSchema } from '#engine/graph/schemaAt.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { FieldMeta } from '#nodes/sdk/node.js';
import type { Locale, Text } from '#nodes/sdk/text.js';

type Control = NonNullable<NonNullable<FieldMeta['ui']>['control']> | 'group';

/** One field of a form, read from the JSON Schema of a node's config. */
export interface FieldSpec {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly control: Control;
  readonly placeholder: string;
  readonly examples: readonly string[];
  readonly required: boolean;
  /** What counts while the field is empty; `undefined` without one. */
  readonly fallback: Json | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Used as written: `{{ }}` is not looked at. */
  readonly literal: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly maxItems: number | undefined;
  readonly maxLength: number | undefined;
  /** What a list holds: forms, or single values. */
  readonly item: { readonly fields: readonly FieldSpec[] } | { readonly value: FieldSpec } | null;
  /** Fields of a group. */
  readonly fields: readonly FieldSpec[];
  readonly showWhen: NonNullable<FieldMeta['ui']>['showWhen'];
}

/** The fields of a node's config, in the order they were declared. */
export const formOf = (config: JsonObject, locale: Locale): readonly FieldSpec[] => fieldsOf(config, config, locale);

/** Whether a field is shown, given the values around it. */
export function isShown(
  spec: FieldSpec,
  fields: readonly FieldSpec[],
  values: Readonly<Record<string, Json | undefined>>,
): boolean {
  if (spec.control === 'hidden') return false;
  if (!spec.showWhen) return true;
  const { field, is } = spec.showWhen;
  const value = values[field] ?? fields.find(({ name }) => name === field)?.fallback;
  // An expression may give any of them.
  return (typeof value === 'string' && value.includes('{{')) || is.some((each) => each === value);
}

function fieldsOf(root: JsonObject, schema: JsonObject, locale: Locale): FieldSpec[] {
  const properties = schema['properties'];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, field]) =>
    isObject(field) ? [fieldOf(root, field, name, required.includes(name), locale)] : [],
  );
}

function fieldOf(root: JsonObject, given: JsonObject, name: string, required: boolean, locale: Locale): FieldSpec {
  const schema = { ...derefSchema(root, given), ...given };
  const ui = (isObject(schema['ui']) ? schema['ui'] : {}) as NonNullable<FieldMeta['ui']>;
  const shape = shapeOf(root, schema);
  const control = ui.control ?? usualControl(shape);
  const said = (text: Json | Text | undefined): string => (isText(text) ? text[locale] : '');
  const number = (key: string): number | undefined => (typeof shape[key] === 'number' ? shape[key] : undefined);
  return {
    name,
    title: said(schema['title']) || name,
    help: said(schema['description']),
    control,
    placeholder: said(ui.placeholder),
    examples: (ui.examples ?? []).map((example) => said(example)),
    required,
    fallback: schema['default'],
    options: optionsOf(shape, ui.options, locale),
    literal: ui.literal === true,
    minimum: number('minimum') ?? number('exclusiveMinimum'),
    maximum: number('maximum') ?? number('exclusiveMaximum'),
    maxItems: number('maxItems'),
    maxLength: number('maxLength'),
    item: control === 'list' ? itemOf(root, shape, ui, locale) : null,
    fields: control === 'group' || control === 'media' ? fieldsOf(root, shape, locale) : [],
    showWhen: ui.showWhen,
  };
}

/** Of `anyOf` with null the part that says something. */
function shapeOf(root: JsonObject, schema: JsonObject): JsonObject {
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (schema['type'] !== undefined || !Array.isArray(choices)) return schema;
  const real = choices
    .filter(isObject)
    .map((choice) => derefSchema(root, choice))
    .filter((choice) => choice['type'] !== 'null');
  return real.length === 1 && real[0] ? real[0] : schema;
}

/** Single values are called, and taken as written, as the list says. */
function itemOf(
  root: JsonObject,
  schema: JsonObject,
  { options, literal }: NonNullable<FieldMeta['ui']>,
  locale: Locale,
): FieldSpec['item'] {
  const items = isObject(schema['items']) ? derefSchema(root, schema['items']) : {};
  if (isObject(items['properties'])) return { fields: fieldsOf(root, items, locale) };
  const ui = {
    ...(options && { options }),
    ...(literal && { literal }),
    ...(isObject(items['ui']) ? items['ui'] : {}),
  };
  return { value: fieldOf(root, { ...items, ui: ui as JsonObject }, '', true, locale) };
}

function usualControl(schema: JsonObject): Control {
  if (Array.isArray(schema['enum'])) return 'select';
  switch (schema['type']) {
    case 'boolean':
      return 'switch';
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return 'list';
    case 'object':
      return isObject(schema['properties']) ? 'group' : 'expression';
    case 'string':
      return typeof schema['maxLength'] === 'number' && schema['maxLength'] > 400 && schema['maxLength'] !== 8_192
        ? 'textarea'
        : 'text';
    default:
      return 'expression';
  }
}

function optionsOf(
  schema: JsonObject,
  labels: Readonly<Record<string, Text>> | undefined,
  locale: Locale,
): FieldSpec['options'] {
  const values = Array.isArray(schema['enum']) ? schema['enum'] : [];
  return values.map((value) => ({ value: String(value), label: labels?.[String(value)]?.[locale] ?? String(value) }));
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is Text => isObject(value) && typeof value['pt-BR'] === 'string';
