import type { JsonObject } from '#nodes/sdk/json.js';
import type { FieldMeta } from '#nodes/sdk/node.js';

type Ui = NonNullable<FieldMeta['ui']>;

/** The fields of a node's config whose form picks something of the organization's by its id, with what the form knows of each. */
export function pickedFields(
  schema: JsonObject | undefined,
  control: NonNullable<Ui['control']>,
): readonly { readonly name: string; readonly ui: Ui }[] {
  const properties = schema?.['properties'];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, field]) => {
    const ui = isObject(field) ? field['ui'] : undefined;
    return isObject(ui) && ui['control'] === control ? [{ name, ui: ui as Ui }] : [];
  });
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
