import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#nodes/sdk/json.js';
import { cpuMs, limitHere } from '../testing/cpu.js';
import { ExpressionError } from './expressionError.js';
import { resolve } from './resolve.js';

/** Most processor time of an escape that is refused, and of work that is stopped (scorecard 47, 49). */
const [REFUSED_MS, STOPPED_MS] = [limitHere(5), limitHere(100)];

const big = Array.from({ length: 5_000 }, (_, index) => index);
const scope = {
  trigger: { text: 'oi', list: [1, 2], big, copy: [...big], long: `${'a'.repeat(100_000)}!` },
  steps: { a: { ok: true } },
  contact: { name: 'Ana', attributes: {} },
};

type Outcome = { readonly value: Json } | { readonly code: string };
function outcome(source: string, values: object = scope): Outcome {
  try {
    return { value: resolve(`{{ ${source} }}`, values) };
  } catch (error) {
    if (error instanceof ExpressionError) return { code: error.code };
    throw error;
  }
}

let before: string[];
beforeAll(() => {
  before = Object.getOwnPropertyNames(Object.prototype);
});

describe('escapes', () => {
  // Each class of the escapes that other expression engines have fallen to.
  const escapes: readonly [string, string][] = [
    ['constructor by dot', '"".constructor.constructor("return process")()'],
    ['constructor by bracket', 'trigger["constructor"]["constructor"]'],
    ['constructor by concatenation', 'trigger["con" + "structor"]'],
    ['constructor by array key', 'trigger[["constructor"]]'],
    ['constructor by join', 'trigger[["const", "ructor"].join("")]'],
    ['constructor by optional', 'trigger.?constructor'],
    ['constructor by optional bracket', 'trigger[?"constructor"]'],
    ['constructor of a list', 'trigger.list.constructor'],
    ['constructor through has', 'has(trigger.constructor)'],
    ['constructor of a loop variable', 'trigger.list.map(x, x.constructor)'],
    ['template literal key', 'trigger[`constructor`]'],
    ['__proto__ by dot', 'trigger.__proto__.polluted'],
    ['__proto__ by bracket', 'trigger["__proto__"]'],
    ['__proto__ in a map literal', '{"__proto__": {"polluted": true}}'],
    ['constructor in a map literal', '{"constructor": 1}'],
    ['prototype', 'trigger.prototype'],
    ['inherited methods', 'trigger.toString'],
    ['inherited method called', 'trigger.hasOwnProperty("text")'],
    ['methods of strings', '"a".padEnd(10)'],
    ['methods of lists', 'trigger.list.push(3)'],
    ['length of a list', 'trigger.list.length'],
    ['length of a string', '"abc".length'],
    ['getPrototypeOf', 'Object.getPrototypeOf(trigger)'],
    ['property descriptors', 'Object.getOwnPropertyDescriptors(trigger)'],
    ['prepareStackTrace', 'Error.prepareStackTrace'],
    ['caller and arguments', 'arguments.callee.caller'],
    ['process', 'process.getBuiltinModule("child_process")'],
    ['binding', 'process.binding("spawn_sync")'],
    ['require', 'require("child_process").execSync("id")'],
    ['class extends', 'class extends Function {}'],
    ['destructuring', '({constructor: c}) => c'],
    ['spread of globals', '[...globalThis]'],
    ['with', 'with(trigger) { text }'],
    ['this', 'this.process'],
    ['function', '(function () { return this })()'],
    ['arrow', '(() => process)()'],
    ['globalThis', 'globalThis'],
    ['Symbol', 'Symbol.iterator'],
    ['async', 'async () => {}'],
    ['generator', 'function* () {}'],
    ['unicode escape', 'trigger.\\u0063onstructor'],
    ['unicode escape in a key', 'trigger["\\u0063onstructor"]'],
    ['new', 'new Date()'],
    ['assignment', 'trigger.text = 1'],
    ['import', 'import("fs")'],
    ['eval', 'eval("1")'],
    ['comma', '(1, 2)'],
    ['statement', '1; 2'],
    ['regular expression literal', '/a/.constructor'],
  ];
  it.each(escapes)('%s', (_, source) => {
    expect(outcome(source)).toHaveProperty('code');
    expect(cpuMs(() => outcome(source))).toBeLessThan(REFUSED_MS);
  });

  it('touches no host object that gets into a scope', () => {
    class Secret {
      readonly key = 'sk-1';
    }
    const host = {
      trigger: { fn: () => 1, at: new Date(), map: new Map([['a', 1]]), secret: new Secret(), sym: Symbol('x') },
    };
    for (const name of ['fn', 'at', 'map', 'secret', 'sym']) {
      expect(outcome(`trigger.${name}`, host)).toEqual({ code: 'unsupported' });
      expect(outcome(`trigger.${name}.key`, host)).toHaveProperty('code');
    }
    expect(outcome('trigger', host)).toEqual({ code: 'unsupported' });
  });

  it('drops keys that would set a prototype from data it passes on', () => {
    const data = JSON.parse('{"trigger":{"a":1,"__proto__":{"polluted":true},"constructor":2}}') as object;
    expect(outcome('trigger', data)).toEqual({ value: { a: 1 } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('finds no way to a host object in expressions made at random', () => {
    const words = [
      'trigger steps constructor __proto__ prototype text list a toString call map x 0 1 true null has cel.bind globalThis',
      '. .? [ ] ( ) { } " \' , : ? + - ! == && || in "constructor" .map(x,x) r" \\ item 1.5 [?',
    ].flatMap((row) => row.split(' '));
    const word = fc.constantFrom(...words);
    let values = 0;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const result = outcome(words.join(''));
        if (!('value' in result)) return;
        values += 1;
        // Only data can be cloned: functions and host objects throw or lose themselves.
        expect(structuredClone(result.value)).toEqual(result.value);
      }),
      { numRuns: 20_000, seed: 47 },
    );
    expect(values).toBeGreaterThan(100);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});

describe('second order', () => {
  const payloads = ['{{ 1 + 1 }}', '{{ trigger.secret }}', '{{', '}}', '{{ "a" }}{{ "b" }}', '${1}', '{%raw%}'];

  it.each(payloads)('never reads %s in data as an expression', (payload) => {
    const data = { trigger: { text: payload, secret: 'SECRET', [payload]: 1 }, steps: { a: { text: payload } } };
    expect(resolve('{{ trigger.text }}', data)).toBe(payload);
    expect(resolve('Ele disse: {{ trigger.text }}', data)).toBe(`Ele disse: ${payload}`);
    expect(resolve('{{ [trigger.text, steps.a.text] }}', data)).toEqual([payload, payload]);
    expect(resolve('{{ trigger.text + trigger.text }}', data)).toBe(payload + payload);
    expect(resolve({ a: ['{{ trigger.text }}'] }, data)).toEqual({ a: [payload] });
  });

  it('does not join pieces of data and text into an expression', () => {
    const data = { trigger: { open: '{{ trigger', close: '.secret }}', secret: 'SECRET' } };
    expect(resolve('{{ trigger.open }}{{ trigger.close }}', data)).toBe('{{ trigger.secret }}');
  });
});

describe('denial of service', () => {
  const nested = (around: string, core: string, times: number): string =>
    `${around.repeat(times)}${core}${')'.repeat(times)}`;
  const attacks: readonly [string, string][] = [
    ['string doubling', `cel.bind(a, "0123456789", ${nested('cel.bind(a, a + a, ', 'a', 40)})`],
    ['list doubling', `cel.bind(a, [1], ${nested('cel.bind(a, a + a, ', 'a', 40)})`],
    ['shared parts', `cel.bind(a, [1], ${nested('cel.bind(a, [a, a], ', 'a', 40)})`],
    ['three loops', 'trigger.big.map(a, trigger.big.map(b, trigger.big.map(c, a + b + c)))'],
    ['quadratic text', 'trigger.big.map(a, string(trigger.big)).join()'],
    ['replace', 'trigger.long.replace("a", trigger.long)'],
    ['replace of nothing', 'trigger.long.replace("", trigger.long)'],
    ['distinct', 'trigger.big.distinct()'],
    ['comparisons', 'trigger.big.all(x, trigger.big == trigger.copy)'],
    ['nested quantifiers', 'trigger.long.matches("(a+)+$")'],
    ['alternation', 'trigger.long.matches("(a|aa)+$")'],
    ['counted repeats', 'trigger.long.matches("((a{30}){30}){30}")'],
    ['huge count', '"a".matches("a{1000}{1000}")'],
    ['long pattern', `"a".matches("${'a?'.repeat(300)}")`],
    ['many patterns', 'trigger.big.map(x, "a".matches("a" + string(x)))'],
    ['time zones', 'trigger.big.all(x, hour("2026-01-01T00:00:00Z", "UTC") == 0)'],
    ['splitting', 'trigger.long.split("").map(x, trigger.long.split(""))'],
    ['swallowed limits', 'trigger.big.map(a, coalesce(trigger.big.map(b, trigger.big.map(c, a)), 1))'],
    ['limits behind or', 'trigger.big.map(a, trigger.big.map(b, trigger.big.map(c, a))) == [] || true'],
    ['brackets', '('.repeat(2_000)],
    ['lists', '['.repeat(3_000)],
    ['negations', `${'!'.repeat(3_900)}true`],
    ['minuses', `${'-'.repeat(3_900)}1`],
    ['a long sum', `1${' + 1'.repeat(900)}`],
    ['a long name', 'a'.repeat(4_000)],
    ['a long source', `"${'a'.repeat(1_000_000)}"`],
    ['ternaries', `${'true ? '.repeat(500)}1${' : 1'.repeat(500)}`],
  ];

  it.each(attacks)('%s', (_, source) => {
    expect(cpuMs(() => outcome(source))).toBeLessThan(STOPPED_MS);
  });

  it('refuses work without end rather than cutting it short', () => {
    expect(outcome('trigger.big.map(a, trigger.big.map(b, a))')).toEqual({ code: 'too_much_work' });
    expect(outcome('trigger.long.replace("a", trigger.long)')).toEqual({ code: 'too_big' });
  });

  it('bounds a template of many expressions', () => {
    const text = '{{ trigger.long }}'.repeat(50);
    expect(() => resolve(text, scope)).toThrow(ExpressionError);
  });

  it('leaves ordinary work alone', () => {
    expect(outcome('size(trigger.big.filter(x, x % 2 == 0).map(x, x * x))')).toEqual({ value: 2_500 });
  });
});
