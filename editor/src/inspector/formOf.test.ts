import { describe, expect, it } from 'vitest';
import { publicNodes } from '#nodes/registry.js';
import { readWeekly, writeWeekly } from './cron.js';
import { formOf, isShown, type FieldSpec } from './formOf.js';

const drawn = new Set<FieldSpec['control']>([
  'text',
  'textarea',
  'number',
  'switch',
  'select',
  'list',
  'expression',
  'duration',
  'cron',
  'timezone',
  'connection',
  'knowledge',
  'model',
  'media',
  'group',
  'hidden',
]);
const all = (fields: readonly FieldSpec[]): FieldSpec[] =>
  fields.flatMap((field) => [
    field,
    ...all(field.fields),
    ...(field.item && 'fields' in field.item ? all(field.item.fields) : []),
  ]);

describe.each(publicNodes().map((node) => [node.type, node] as const))('the form of %s', (_, node) => {
  const fields = formOf(node.config, 'en');

  it('has a control for every field, with its words', () => {
    for (const field of all(fields)) {
      expect(drawn, field.name).toContain(field.control);
      expect(field.title, field.name).not.toBe('');
    }
  });

  it('offers choices where there are some, and says what a list holds', () => {
    const empty = all(fields).filter(
      ({ control, options, item }) =>
        (control === 'select' && options.length < 2) || (control === 'list' && item === null),
    );
    expect(empty.map(({ name }) => name)).toEqual([]);
  });

  it('hides no field for good', () => {
    const never = fields.filter(
      (field) => field.showWhen && !isShown(field, fields, { [field.showWhen.field]: field.showWhen.is[0] }),
    );
    expect(never.map(({ name }) => name)).toEqual([]);
  });
});

describe('a field that depends on another', () => {
  const fields = formOf(publicNodes().find(({ type }) => type === 'logic.forEach')?.config ?? {}, 'en');
  const concurrency = fields.find(({ name }) => name === 'concurrency') as FieldSpec;
  it.each([
    [{}, false],
    [{ mode: 'parallel' }, true],
    [{ mode: 'sequential' }, false],
    [{ mode: '{{ trigger.mode }}' }, true],
  ])('is shown with %j: %s', (values, shown) => expect(isShown(concurrency, fields, values)).toBe(shown));
});

describe('days and an hour', () => {
  it.each([
    ['0 8 * * 1-5', { hour: 8, minute: 0, days: [1, 2, 3, 4, 5] }],
    ['30 16 * * 0,6', { hour: 16, minute: 30, days: [0, 6] }],
    ['5 0 * * *', { hour: 0, minute: 5, days: [0, 1, 2, 3, 4, 5, 6] }],
    ['0 9 * * 7', { hour: 9, minute: 0, days: [0] }],
  ])('are read from %s and written back to the same moment', (cron, weekly) => {
    expect(readWeekly(cron)).toEqual(weekly);
    expect(readWeekly(writeWeekly(weekly))).toEqual(weekly);
  });
  it.each(['*/5 * * * *', '0 8 1 * *', '0 8 * * MON', '0 25 * * 1', '0 8 * * 5-1', 'nonsense'])(
    'are not all that %s says',
    (cron) => expect(readWeekly(cron)).toBeNull(),
  );
});

it('calls single values of a list what the list calls them', () => {
  const tools = formOf(publicNodes().find(({ type }) => type === 'agent.assistant')?.config ?? {}, 'en').find(
    ({ name }) => name === 'tools',
  );
  const item = tools?.item && 'value' in tools.item ? tools.item.value : null;
  expect(item?.options).toContainEqual({ value: 'hand_off', label: 'Hand over to a person' });
  expect(item?.literal).toBe(true);
});
