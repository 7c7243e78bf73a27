import type { Budget } from './budget.js';
import { matches } from './regex.js';
import { equal, isMap, Maybe, NOTHING, render, typeName, type Value } from './values.js';

/** A function of the language. Arguments are already evaluated; a method's receiver is the first. */
export interface FunctionDefinition {
  /** Least and most arguments, the receiver not counted. */
  readonly arity: readonly [number, number];
  readonly run: (args: readonly Value[], budget: Budget, moment: () => Date) => Value;
}

const text = (value: Value | undefined, budget: Budget): string => {
  if (typeof value !== 'string') throw budget.fail('wrong_type', `${typeName(value ?? null)}, not string`);
  budget.spend(1 + value.length / 32);
  return value;
};
const number = (value: Value | undefined, budget: Budget): number => {
  if (typeof value !== 'number') throw budget.fail('wrong_type', `${typeName(value ?? null)}, not number`);
  return value;
};
const list = (value: Value | undefined, budget: Budget): readonly Value[] => {
  if (!Array.isArray(value)) throw budget.fail('wrong_type', `${typeName(value ?? null)}, not list`);
  budget.spend(1 + value.length / 8);
  return value;
};
const maybe = (value: Value | undefined, budget: Budget): Maybe => {
  if (!(value instanceof Maybe)) throw budget.fail('wrong_type', `${typeName(value ?? null)}, not optional`);
  return value;
};

const sizeOf = ([value]: readonly Value[], budget: Budget): number => {
  if (typeof value === 'string') return [...text(value, budget)].length;
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw budget.fail('wrong_type', typeName(value));
};

const toNumber = (value: Value | undefined, budget: Budget): number => {
  if (typeof value === 'number') return value;
  const source = text(value, budget).trim();
  if (!/^[+-]?\d{1,300}(\.\d{1,300})?(e[+-]?\d{1,3})?$/i.test(source))
    throw budget.fail('bad_number', source.slice(0, 40));
  return Number(source);
};

const numeric = (run: (...numbers: number[]) => number, most: number): FunctionDefinition => ({
  arity: [1, most],
  run: (args, budget) => run(...args.map((arg) => number(arg, budget))),
});

/** Called as `name(…)`. `has`, `coalesce`, `cel.bind` and the loops of lists are macros: see `macros.ts`. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map<string, FunctionDefinition>([
  ['size', { arity: [1, 1], run: sizeOf }],
  ['string', { arity: [1, 1], run: ([value], budget) => render(value ?? null, budget) }],
  ['double', { arity: [1, 1], run: ([value], budget) => toNumber(value, budget) }],
  ['int', { arity: [1, 1], run: ([value], budget) => Math.trunc(toNumber(value, budget)) }],
  [
    'bool',
    {
      arity: [1, 1],
      run: ([value], budget) => {
        if (typeof value === 'boolean') return value;
        const source = text(value, budget);
        if (source !== 'true' && source !== 'false') throw budget.fail('wrong_type', source.slice(0, 40));
        return source === 'true';
      },
    },
  ],
  ['dyn', { arity: [1, 1], run: ([value]) => value ?? null }],
  ['type', { arity: [1, 1], run: ([value]) => typeName(value) }],
  ['min', numeric(Math.min, 32)],
  ['max', numeric(Math.max, 32)],
  ['abs', numeric(Math.abs, 1)],
  ['floor', numeric(Math.floor, 1)],
  ['ceil', numeric(Math.ceil, 1)],
  [
    'round',
    numeric((value, digits = 0) => {
      const factor = 10 ** Math.min(12, Math.max(0, Math.trunc(digits)));
      return Math.round(value * factor) / factor;
    }, 2),
  ],
  ['now', { arity: [0, 0], run: (_, __, moment) => moment().toISOString() }],
  ['hour', { arity: [2, 2], run: ([at, zone], budget) => clock(text(at, budget), text(zone, budget), budget).hour }],
  [
    'weekday',
    { arity: [2, 2], run: ([at, zone], budget) => clock(text(at, budget), text(zone, budget), budget).weekday },
  ],
]);

/** Called as `value.name(…)`. */
export const methods: ReadonlyMap<string, FunctionDefinition> = new Map<string, FunctionDefinition>([
  ['size', { arity: [0, 0], run: sizeOf }],
  ['contains', { arity: [1, 1], run: ([a, b], budget) => text(a, budget).includes(text(b, budget)) }],
  ['startsWith', { arity: [1, 1], run: ([a, b], budget) => text(a, budget).startsWith(text(b, budget)) }],
  ['endsWith', { arity: [1, 1], run: ([a, b], budget) => text(a, budget).endsWith(text(b, budget)) }],
  ['matches', { arity: [1, 1], run: ([a, b], budget) => matches(text(a, budget), text(b, budget), budget) }],
  ['lower', { arity: [0, 0], run: ([a], budget) => text(a, budget).toLowerCase() }],
  ['upper', { arity: [0, 0], run: ([a], budget) => text(a, budget).toUpperCase() }],
  [
    'lowerAscii',
    { arity: [0, 0], run: ([a], budget) => text(a, budget).replace(/[A-Z]+/g, (run) => run.toLowerCase()) },
  ],
  [
    'upperAscii',
    { arity: [0, 0], run: ([a], budget) => text(a, budget).replace(/[a-z]+/g, (run) => run.toUpperCase()) },
  ],
  ['trim', { arity: [0, 0], run: ([a], budget) => text(a, budget).trim() }],
  ['indexOf', { arity: [1, 1], run: ([a, b], budget) => text(a, budget).indexOf(text(b, budget)) }],
  [
    'substring',
    {
      arity: [1, 2],
      run: ([a, start, end], budget) =>
        text(a, budget).slice(
          Math.max(0, number(start, budget)),
          end === undefined ? undefined : Math.max(0, number(end, budget)),
        ),
    },
  ],
  [
    'split',
    {
      arity: [1, 1],
      run: ([a, separator], budget) => {
        const parts = text(a, budget).split(text(separator, budget));
        budget.spend(parts.length);
        return parts;
      },
    },
  ],
  [
    'replace',
    {
      arity: [2, 2],
      run: ([a, from, to], budget) => {
        const parts = text(a, budget).split(text(from, budget));
        return joined(parts, text(to, budget), budget);
      },
    },
  ],
  [
    'join',
    {
      arity: [0, 1],
      run: ([items, separator = ''], budget) =>
        joined(
          list(items, budget).map((item) => render(item, budget)),
          text(separator, budget),
          budget,
        ),
    },
  ],
  [
    'slice',
    {
      arity: [1, 2],
      run: ([items, start, end], budget) =>
        list(items, budget).slice(
          Math.max(0, number(start, budget)),
          end === undefined ? undefined : Math.max(0, number(end, budget)),
        ),
    },
  ],
  ['distinct', { arity: [0, 0], run: ([items], budget) => distinct(list(items, budget), budget) }],
  ['hasValue', { arity: [0, 0], run: ([optional], budget) => maybe(optional, budget).value !== undefined }],
  [
    'value',
    {
      arity: [0, 0],
      run: ([optional], budget) => {
        const { value } = maybe(optional, budget);
        if (value === undefined) throw budget.fail('missing', 'value()');
        return value;
      },
    },
  ],
  ['orValue', { arity: [1, 1], run: ([optional, other], budget) => maybe(optional, budget).value ?? other ?? null }],
  [
    'or',
    {
      arity: [1, 1],
      run: ([optional, other], budget) =>
        maybe(optional, budget).value === undefined ? maybe(other, budget) : (optional ?? NOTHING),
    },
  ],
]);

function joined(parts: readonly string[], separator: string, budget: Budget): string {
  let length = separator.length * Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  budget.spend(parts.length);
  budget.spendText(length);
  return parts.join(separator);
}

function distinct(items: readonly Value[], budget: Budget): Value[] {
  const kept: Value[] = [];
  for (const item of items) if (!kept.some((other) => equal(item, other, budget))) kept.push(item);
  return kept;
}

/** Hour 0..23 and day 1 (Monday)..7 of an ISO 8601 time in an IANA time zone. */
function clock(at: string, timeZone: string, budget: Budget): { hour: number; weekday: number } {
  budget.spend(1_000);
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw budget.fail('wrong_type', at.slice(0, 40));
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23', weekday: 'short' });
    const part = (type: string): string => format.formatToParts(time).find((each) => each.type === type)?.value ?? '';
    return {
      hour: Number(part('hour')),
      weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1,
    };
  } catch {
    throw budget.fail('wrong_type', timeZone.slice(0, 40));
  }
}
