import type { Evaluate } from './frame.js';
import { ExpressionError } from './expressionError.js';
import { equal, isMap, typeName, type Value } from './values.js';
import type { Budget } from './budget.js';

type BinaryOperation = (left: Value, right: Value, budget: Budget) => Value;

const wrong = (left: Value, operator: string, right: Value, budget: Budget): ExpressionError =>
  budget.fail('wrong_type', `${typeName(left)} ${operator} ${typeName(right)}`);

function arithmetic(operator: string, compute: (left: number, right: number) => number): BinaryOperation {
  return (left, right, budget) => {
    if (typeof left !== 'number' || typeof right !== 'number') throw wrong(left, operator, right, budget);
    const result = compute(left, right);
    // JSON has neither infinity nor NaN: division by zero ends here and not in somebody's message.
    if (!Number.isFinite(result)) throw budget.fail('bad_number', `${left} ${operator} ${right}`);
    return result;
  };
}

function ordering(operator: string, holds: (order: number) => boolean): BinaryOperation {
  return (left, right, budget) => {
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    if (typeof left !== 'string' || typeof right !== 'string') throw wrong(left, operator, right, budget);
    budget.spend(Math.min(left.length, right.length) / 32);
    return holds(left < right ? -1 : left > right ? 1 : 0);
  };
}

const add: BinaryOperation = (left, right, budget) => {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spendText(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.spend(left.length + right.length);
    return [...left, ...right] as Value[];
  }
  return addNumbers(left, right, budget);
};
const addNumbers = arithmetic('+', (left, right) => left + right);

const within: BinaryOperation = (left, right, budget) => {
  if (Array.isArray(right)) return right.some((item: Value) => equal(left, item, budget));
  if (isMap(right)) return typeof left === 'string' && Object.hasOwn(right, left);
  throw wrong(left, 'in', right, budget);
};

const operations: ReadonlyMap<string, BinaryOperation> = new Map<string, BinaryOperation>([
  ['+', add],
  ['-', arithmetic('-', (left, right) => left - right)],
  ['*', arithmetic('*', (left, right) => left * right)],
  ['/', arithmetic('/', (left, right) => left / right)],
  ['%', arithmetic('%', (left, right) => left % right)],
  ['<', ordering('<', (order) => order < 0)],
  ['<=', ordering('<=', (order) => order <= 0)],
  ['>', ordering('>', (order) => order > 0)],
  ['>=', ordering('>=', (order) => order >= 0)],
  ['==', (left, right, budget) => equal(left, right, budget)],
  ['!=', (left, right, budget) => !equal(left, right, budget)],
  ['in', within],
]);

/** An operator with two operands, both evaluated. One number type: `/` divides as on paper, `1 / 2` is `0.5`. */
export function binary(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  const operation = operations.get(operator);
  if (!operation) throw new TypeError(`No such operator: ${operator}`);
  return (frame) => operation(left(frame), right(frame), frame.budget);
}

/** `||` and `&&`: one side that decides wins over an error on the other, as CEL has it. */
export function logical(operator: '||' | '&&', left: Evaluate, right: Evaluate): Evaluate {
  const deciding = operator === '||';
  return (frame) => {
    const decide = (value: Value): boolean => {
      if (typeof value !== 'boolean') throw frame.budget.fail('wrong_type', `${operator} ${typeName(value)}`);
      return value;
    };
    let first: boolean;
    try {
      first = decide(left(frame));
    } catch (error) {
      if (!(error instanceof ExpressionError) || !error.catchable) throw error;
      if (decide(right(frame)) === deciding) return deciding;
      throw error;
    }
    return first === deciding ? deciding : decide(right(frame));
  };
}
