import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '#nodes/sdk/json.js';
import { toStrict, withoutAddedNulls } from './strictSchema.js';

const schemaOf = (schema: z.ZodType): JsonObject => z.toJSONSchema(schema, { io: 'output' }) as JsonObject;

test('closes every object and requires every property; what was optional may be null', () => {
  const strict = toStrict(
    schemaOf(
      z.object({
        title: z.string().min(1),
        inner: z.object({ note: z.string().optional() }),
        list: z.array(z.object({ n: z.number() })),
      }),
    ),
  );
  expect(strict).toEqual({
    type: 'object',
    required: ['title', 'inner', 'list'],
    additionalProperties: false,
    properties: {
      title: { type: 'string' },
      inner: {
        type: 'object',
        required: ['note'],
        additionalProperties: false,
        properties: { note: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      },
      list: {
        type: 'array',
        items: { type: 'object', required: ['n'], additionalProperties: false, properties: { n: { type: 'number' } } },
      },
    },
  });
});

test('cannot say objects with free keys', () => {
  expect(toStrict(schemaOf(z.object({ any: z.record(z.string(), z.number()) })))).toBeNull();
});

test('takes back only the nulls that it added', () => {
  const schema = schemaOf(
    z.object({
      a: z.string().optional(),
      b: z.string().nullable(),
      list: z.array(z.object({ c: z.number().optional() })),
    }),
  );
  expect(withoutAddedNulls({ a: null, b: null, list: [{ c: null }, { c: 1 }] }, schema)).toEqual({
    b: null,
    list: [{}, { c: 1 }],
  });
});
