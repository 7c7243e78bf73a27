import type { z } from 'zod';
import { detail, type Detail, type InnerDetail } from './details.js';

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, Parameters<typeof detail>[0] & `kind.${string}`>> = {
  string: 'kind.text',
  number: 'kind.number',
  int: 'kind.integer',
  boolean: 'kind.boolean',
  array: 'kind.list',
  object: 'kind.fields',
  record: 'kind.fields',
  undefined: 'kind.nothing',
  null: 'kind.nothing',
};
const kind = (name: string) => detail((Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? 'kind.other');
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Why a value does not fit its schema. `value`: what stood there, as far as it is known. */
export function issueDetail(issue: Issue | undefined, value?: unknown): InnerDetail {
  switch (issue?.code) {
    case 'invalid_type':
      return value === undefined
        ? detail('field.missing')
        : detail('field.wrong_type', { kind: kind(issue.expected), other: kind(kindOf(value)) });
    case 'invalid_value':
      return value === undefined
        ? detail('field.missing')
        : detail('field.not_a_choice', { choices: issue.values.map((each) => `"${String(each)}"`).join(', ') });
    case 'too_big': {
      const limit = Number(issue.maximum);
      if (issue.origin === 'string') return detail('field.text_long', { limit });
      if (issue.origin === 'array') return detail('field.list_long', { limit });
      return issue.inclusive === false ? detail('field.not_below', { limit }) : detail('field.too_big', { limit });
    }
    case 'too_small': {
      const limit = Number(issue.minimum);
      if (issue.origin === 'string') return detail('field.text_short', { limit });
      if (issue.origin === 'array') return detail('field.list_short', { limit });
      return issue.inclusive === false ? detail('field.not_above', { limit }) : detail('field.too_small', { limit });
    }
    case 'not_multiple_of':
      return detail('field.not_multiple', { limit: issue.divisor });
    case 'unrecognized_keys':
      return detail('field.unknown', { names: issue.keys.map((each) => `"${each}"`).join(', ') });
    case 'invalid_format':
      return detail(
        issue.format === 'url'
          ? 'field.not_url'
          : issue.format === 'email'
            ? 'field.not_email'
            : issue.format === 'datetime'
              ? 'field.not_moment'
              : 'field.bad_format',
      );
    default:
      return detail('field.invalid');
  }
}

/** What was not in the agreed shape: the first field that is not, in a sentence with its place; of a value that is wrong as a whole the other sentence. */
export function misfitDetail(
  error: z.ZodError,
  value: unknown,
  sentences: {
    readonly field: 'model.bad_field' | 'trigger.bad_field';
    readonly whole: 'model.bad_shape' | 'trigger.no_message';
  },
): Detail {
  const [issue] = error.issues;
  const why = issueDetail(issue, issue && valueAt(value, issue.path));
  const path = issue?.path.join('.') ?? '';
  return path === '' ? detail(sentences.whole, { said: why }) : detail(sentences.field, { path, why });
}

/** What stands at the path of an issue. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (part, name) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, name)
        ? (part as Readonly<Record<PropertyKey, unknown>>)[name]
        : undefined,
    value,
  );
