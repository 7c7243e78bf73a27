import { expect, it } from 'vitest';
import { outputsOf } from '#engine/graph/ports.js';
import { publicNodes } from '#nodes/registry.js';
import { problemsIn } from '../runs/fork/problemsIn.js';
import { exampleOf } from './exampleOf.js';

it.each(
  publicNodes().flatMap((type) => outputsOf(type, {}).map((way) => [`${type.type}.${way.name}`, way.schema] as const)),
)('a result that is written by hand begins with one that fits: %s', (_, schema) => {
  const text = JSON.stringify(exampleOf(schema), null, 2);
  expect(problemsIn(text, schema, 'en', 'no JSON').marks).toEqual([]);
});
