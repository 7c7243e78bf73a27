import type { Json } from '#nodes/sdk/json.js';
import type { Budget } from './budget.js';
import { expressionLimits } from './limits.js';

/** A value that may be absent: what `a.?b` gives. JSON `null` counts as absent, because most services say "nothing" that way. */
export class Maybe {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }

  static of(value: Value | undefined): Maybe {
    return value === undefined || value === null ? NOTHING : new Maybe(value);
  }
}
export const NOTHING = new Maybe(undefined);

/** Everything an expression can hold: JSON values and optionals. Numbers are JSON numbers; CEL's int, uint and double are one type here. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value } | Maybe;
export type MapValue = { readonly [key: string]: Value };

/** Names that never resolve, even when a value has a key of its own with that name. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A plain object: its prototype is `Object.prototype` or none. Anything else is a host object and is not touched. */
export function isMap(value: unknown): value is MapValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Maybe) return 'optional';
  if (isMap(value)) return 'map';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A key of a map or an index of a list; `undefined` when there is none. Own enumerable-or-not string keys only; never a prototype's. */
export function member(container: Value, key: Value, budget: Budget): Value | undefined {
  if (Array.isArray(container)) {
    if (typeof key !== 'number') throw budget.fail('wrong_type', `list[${typeName(key)}]`);
    return Number.isInteger(key) && key >= 0 && key < container.length ? known(container[key], budget) : undefined;
  }
  if (isMap(container)) {
    if (typeof key !== 'string') throw budget.fail('wrong_type', `map[${typeName(key)}]`);
    if (forbiddenNames.has(key)) throw budget.fail('forbidden_name', key);
    return Object.hasOwn(container, key) ? known(container[key], budget) : undefined;
  }
  if (container === null) return undefined;
  throw budget.fail('wrong_type', typeName(container));
}

/** Lets through what an expression may hold and refuses the rest: functions, symbols, class instances. `undefined` is absence. */
function known(value: unknown, budget: Budget): Value | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return Number(value);
    case 'object':
      if (value === null || Array.isArray(value) || value instanceof Maybe || isMap(value)) return value as Value;
  }
  throw budget.fail('unsupported', typeof value);
}

/** Deep equality; values of different types are different. */
export function equal(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(1);
  if (a === b) return true;
  if (a instanceof Maybe && b instanceof Maybe) return sameMember(a.value, b.value, budget);
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index] as Value, budget))
    );
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key] as Value, b[key] as Value, budget));
}

const sameMember = (a: Value | undefined, b: Value | undefined, budget: Budget): boolean =>
  a === undefined || b === undefined ? a === b : equal(a, b, budget);

/**
 * The JSON an expression gives. An absent optional becomes `null`. Counts every part, because a short expression can make a value whose
 * parts share each other and which is enormous written out.
 */
export function toJson(value: Value, budget: Budget, depth = 0): Json {
  budget.spend(1);
  if (depth > expressionLimits.valueDepth) throw budget.fail('too_big');
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    budget.spend(value.length / 32);
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw budget.fail('bad_number', `${value}`);
    // JSON writes -0 as 0.
    return value === 0 ? 0 : value;
  }
  if (value instanceof Maybe) return value.value === undefined ? null : toJson(value.value, budget, depth + 1);
  if (Array.isArray(value)) return value.map((item: Value) => toJson(item, budget, depth + 1));
  if (!isMap(value)) throw budget.fail('unsupported', typeof value);
  const json: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    // Data from outside may carry such keys; copied with `=` the first would set a prototype.
    if (forbiddenNames.has(key)) continue;
    const part = known(value[key], budget);
    if (part !== undefined) json[key] = toJson(part, budget, depth + 1);
  }
  return json;
}

/** A value as text inside text: numbers plain, `null` and absent as nothing, lists and objects as JSON. */
export function render(value: Value, budget: Budget): string {
  if (typeof value === 'string') {
    budget.spendText(value.length);
    return value;
  }
  const json = toJson(value, budget);
  if (json === null) return '';
  if (typeof json !== 'object') return String(json);
  const text = JSON.stringify(json);
  budget.spendText(text.length);
  return text;
}
