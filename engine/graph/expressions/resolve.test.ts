import { describe, expect, it } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { explainExpressionError } from '../explainExpressionError.js';
import { ExpressionError } from './expressionError.js';
import { functions, methods } from './functions.js';
import { lazyFields, resolve, resolveConfig } from './resolve.js';
import { functionSignatures, methodSignatures } from './signatures.js';

const scope = {
  trigger: { text: 'Tem pão de queijo?', n: 7, tags: ['a', 'b'], empty: null },
  steps: {
    search: {
      passages: [
        { title: 'Cardápio', score: 0.9 },
        { title: 'Horário', score: 0.2 },
      ],
    },
    'a-b': 1,
  },
  contact: { name: null, attributes: { city: 'Recife' } },
  organization: { timezone: 'America/Recife' },
};
const now = () => new Date('2026-11-22T13:30:00Z');
const value = (text: string): Json => resolve(text, scope, { now });
const failure = (text: string): string => {
  try {
    value(text);
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
  return 'none';
};

describe('templates', () => {
  it.each<[string, Json]>([
    ['só texto', 'só texto'],
    ['{{ trigger.n }}', 7],
    ['{{ trigger.tags }}', ['a', 'b']],
    ['{{ trigger.empty }}', null],
    ['n = {{ trigger.n }}', 'n = 7'],
    ['{{ 0 * -1 }}', 0],
    ['{{trigger.n}}{{trigger.n}}', '77'],
    ['{{ trigger.tags }} e {{ trigger.empty }}.', '["a","b"] e .'],
    ['{{ {"a": {"b": 1}} }}', { a: { b: 1 } }],
    ['{{ "}}" + \'{{\' }}', '}}{{'],
    ['{{ r"\\d}}" }}', '\\d}}'],
    ["{{ '''it's \"}}\" ''' }}", 'it\'s "}}" '],
    ['a } b {', 'a } b {'],
  ])('%s', (text, expected) => expect(value(text)).toEqual(expected));

  it('resolves every string of a config and nothing else', () => {
    const config = { text: '{{ trigger.n }}', list: [{ deep: 'x{{ trigger.n }}' }], '{{ trigger.n }}': true, n: 3 };
    expect(resolve(config, scope)).toEqual({ text: 7, list: [{ deep: 'x7' }], '{{ trigger.n }}': true, n: 3 });
  });

  it('leaves lazy fields for the engine', () => {
    const schema = { properties: { until: { type: 'boolean', ui: { lazy: true } }, limit: { type: 'number' } } };
    const config = { until: '{{ index > 2 }}', limit: '{{ trigger.n }}' };
    expect(resolveConfig(config, scope, lazyFields(schema))).toEqual({ until: '{{ index > 2 }}', limit: 7 });
  });
});

describe('the language', () => {
  it.each<[string, Json]>([
    ['1 + 2 * 3', 7],
    ['trigger.n / 2', 3.5],
    ['7 % 4', 3],
    ['-trigger.n', -7],
    ['0xff', 255],
    ['"a" + "b" == "ab"', true],
    ['[1] + [2]', [1, 2]],
    ['"a" in trigger.tags && !("z" in trigger.tags)', true],
    ['"city" in contact.attributes', true],
    ['trigger.n > 5 ? "muito" : "pouco"', 'muito'],
    ['[1, 2] == [1, 2] && {"a": 1} != {"a": 2}', true],
    ['steps.search.passages[0].title', 'Cardápio'],
    ['steps["a-b"] + 1', 2],
    ['steps.search.passages.filter(p, p.score > 0.5).map(p, p.title)', ['Cardápio']],
    ['steps.search.passages.map(p, p.score < 0.5, p.title)', ['Horário']],
    ['trigger.tags.exists(t, t == "b") && trigger.tags.all(t, size(t) == 1)', true],
    ['trigger.tags.exists_one(t, t == "b")', true],
    [
      '[1, 2].map(x, [3, 4].map(x, x * 2))',
      [
        [6, 8],
        [6, 8],
      ],
    ],
    ['[1, 2].map(x, [3].map(y, x * y))', [[3], [6]]],
    ['cel.bind(x, 2, x * x)', 4],
    ['has(contact.name)', false],
    ['has(steps.search.passages) && !has(steps.none) && !has(steps.none.deep)', true],
    ['contact.?name.orValue("amigo")', 'amigo'],
    ['steps.?none.deep.orValue(0)', 0],
    ['steps.?search.hasValue()', true],
    ['steps.?none', null],
    ['optional.of(1).or(optional.none()).value()', 1],
    ['coalesce(contact.name, steps.none.x, "amigo")', 'amigo'],
    ['coalesce(steps.?none)', null],
    ['true || steps.none', true],
    ['steps.none == 1 || true', true],
    ['size("pão") + trigger.tags.size() + size(contact.attributes)', 6],
    ['"PÃO".lower() + "pão".upper() + "PÃO".lowerAscii()', 'pãoPÃOpÃo'],
    ['"  a,b ".trim().split(",").join("-").replace("-", "+")', 'a+b'],
    ['"abcdef".substring(2, 4) + string("abc".indexOf("c"))', 'cd2'],
    ['[3, 1, 3].distinct().slice(1)', [1]],
    ['"pedido 123".matches("[0-9]{3}$") && !"x".matches("^y")', true],
    ['int("42") + int(3.9) + double("0.5")', 45.5],
    ['round(3.14159, 2) + floor(2.9) + ceil(0.1) + abs(-1) + min(4, 2) + max(1, 2)', 11.14],
    ['bool("true") ? type([]) : type(1)', 'list'],
    ['now()', '2026-11-22T13:30:00.000Z'],
    ['hour(now(), organization.timezone)', 10],
    ['weekday(now(), "America/Recife")', 7],
    ['string(1.5) + string(true) + string(null)', '1.5true'],
  ])('%s', (source, expected) => expect(value(`{{ ${source} }}`)).toEqual(expected));

  it.each([
    ['trigger.nope', 'missing'],
    ['contact.name.first', 'missing'],
    ['trigger.tags[2]', 'missing'],
    ['contacts.name', 'unknown_name'],
    ['item', 'missing'],
    ['shout("x")', 'unknown_function'],
    ['"x".shout()', 'unknown_function'],
    ['size()', 'wrong_arguments'],
    ['"a" + 1', 'wrong_type'],
    ['trigger.n ? 1 : 2', 'wrong_type'],
    ['!trigger.n', 'wrong_type'],
    ['1 / 0', 'bad_number'],
    ['9007199254740993', 'bad_number'],
    ['int("abc")', 'bad_number'],
    ['"a".matches("(")', 'bad_pattern'],
    ['b"bytes"', 'unsupported'],
    ['1 +', 'syntax'],
    ['', 'syntax'],
    ['a b', 'syntax'],
  ])('refuses %s as %s', (source, code) => expect(failure(`{{ ${source} }}`)).toBe(code));

  it('says that an expression was never closed', () => expect(failure('oi {{ trigger.n }')).toBe('unclosed'));

  it('explains a failure in both languages', () => {
    const error = new ExpressionError('missing', 'contact.x', 'x');
    expect(explainExpressionError(error, 'pt-BR')).toContain('"x" não existia na hora');
    expect(explainExpressionError(error, 'en')).toContain('"x" was not there');
    expect(explainExpressionError(new ExpressionError('wrong_type', 'a', 'string + number'), 'en')).toContain(
      'text + number',
    );
  });

  it('has a signature and a help text for every function', () => {
    expect([...functionSignatures.keys()]).toEqual([...functions.keys()]);
    expect([...methodSignatures.keys()]).toEqual([...methods.keys()]);
  });
});
