import type { Evaluate, ExpressionCompiler, Frame, Locals } from './frame.js';
import { ExpressionError } from './expressionError.js';
import { sizeOf, type Tree } from './parse.js';
import { isMap, Maybe, NOTHING, typeName, type Value } from './values.js';

/** Calls whose arguments are not simply evaluated first. Gives `undefined` when the call is an ordinary one. */
export function compileMacro(compiler: ExpressionCompiler, tree: Tree, locals: Locals): Evaluate | undefined {
  if (tree.op === 'call') {
    const [name, args] = tree.args;
    if (name === 'has') return compileHas(compiler, args, locals);
    if (name === 'coalesce') return compileCoalesce(compiler, args, locals);
    return undefined;
  }
  if (tree.op !== 'rcall') return undefined;
  const [name, receiver, args] = tree.args;
  if (receiver.op === 'id' && !locals.has(receiver.args)) {
    if (receiver.args === 'cel' && name === 'bind') return compileBind(compiler, args, locals);
    if (receiver.args === 'optional') return compileOptional(compiler, name, args, locals);
  }
  const loop = loops.get(name);
  // `list.join(x)` and the like are methods; a loop is known by its name and its number of arguments.
  return loop?.arity.includes(args.length) ? compileLoop(compiler, loop, receiver, args, locals) : undefined;
}

/** `has(a.b)`: whether `b` is there and not `null`. Anything missing on the way to it makes it false. */
function compileHas(compiler: ExpressionCompiler, args: readonly Tree[], locals: Locals): Evaluate {
  const [target] = args;
  if (args.length !== 1 || !target || (target.op !== '.' && target.op !== '.?')) {
    throw compiler.fail('wrong_arguments', 'has');
  }
  const value = compiler.compile(target, locals);
  return (frame) => isPresent(attempt(value, frame));
}

/** `coalesce(a, b, …)`: the first that is there and not `null`; `null` when none is. Those after it are not evaluated. */
function compileCoalesce(compiler: ExpressionCompiler, args: readonly Tree[], locals: Locals): Evaluate {
  if (args.length === 0) throw compiler.fail('wrong_arguments', 'coalesce');
  const values = args.map((arg) => compiler.compile(arg, locals));
  return (frame) => {
    for (const value of values) {
      const found = attempt(value, frame);
      if (isPresent(found)) return found instanceof Maybe ? (found.value ?? null) : (found ?? null);
    }
    return null;
  };
}

const isPresent = (value: Value | undefined): boolean =>
  value instanceof Maybe ? value.value !== undefined : value !== undefined && value !== null;

/** The value, or `undefined` when something on the way to it is missing. Other errors pass. */
function attempt(value: Evaluate, frame: Frame): Value | undefined {
  try {
    return value(frame);
  } catch (error) {
    if (error instanceof ExpressionError && error.code === 'missing') return undefined;
    throw error;
  }
}

/** `cel.bind(name, value, expression)`: gives a value a name. */
function compileBind(compiler: ExpressionCompiler, args: readonly Tree[], locals: Locals): Evaluate {
  const [variable, bound, body] = args;
  if (args.length !== 3 || variable?.op !== 'id' || !bound || !body) throw compiler.fail('wrong_arguments', 'cel.bind');
  const slot = locals.size;
  const value = compiler.compile(bound, locals);
  const run = compiler.compile(body, withLocal(locals, variable.args, slot));
  return (frame) => {
    frame.locals[slot] = value(frame);
    return run(frame);
  };
}

function compileOptional(compiler: ExpressionCompiler, name: string, args: readonly Tree[], locals: Locals): Evaluate {
  const [arg] = args;
  if (name === 'none' && args.length === 0) return () => NOTHING;
  if (name !== 'of' || args.length !== 1 || !arg) throw compiler.fail('unknown_function', `optional.${name}`);
  const value = compiler.compile(arg, locals);
  return (frame) => Maybe.of(value(frame));
}

/** A shadowed name keeps its old slot's key count out of the way: slots are never shared by variables alive at once. */
function withLocal(locals: Locals, name: string, slot: number): Locals {
  const next = new Map(locals);
  // The outer variable of the same name goes on living in its slot, under a name that no source can spell.
  const shadowed = next.get(name);
  if (shadowed !== undefined) next.set(`${name} ${shadowed}`, shadowed);
  return next.set(name, slot);
}

interface Loop {
  readonly arity: readonly number[];
  /** Visits the items; `at` evaluates one of the loop's expressions for the current item. */
  readonly run: (
    items: readonly Value[],
    at: (item: Value, which?: 0 | 1) => Value,
    test: (value: Value) => boolean,
  ) => Value;
}

/** `list.name(variable, expression)`. A map is walked by its keys. */
const loops: ReadonlyMap<string, Loop> = new Map<string, Loop>([
  ['all', { arity: [2], run: (items, at, test) => items.every((item) => test(at(item))) }],
  ['exists', { arity: [2], run: (items, at, test) => items.some((item) => test(at(item))) }],
  ['exists_one', { arity: [2], run: (items, at, test) => items.filter((item) => test(at(item))).length === 1 }],
  ['filter', { arity: [2], run: (items, at, test) => items.filter((item) => test(at(item))) }],
  ['map', { arity: [2, 3], run: (items, at) => items.map((item) => at(item)) }],
]);

/** `list.map(variable, condition, expression)` filters first. */
const filterMap: Loop['run'] = (items, at, test) =>
  items.filter((item) => test(at(item, 0))).map((item) => at(item, 1));

function compileLoop(
  compiler: ExpressionCompiler,
  loop: Loop,
  over: Tree,
  args: readonly Tree[],
  locals: Locals,
): Evaluate {
  const [variable, ...bodies] = args;
  if (variable?.op !== 'id') throw compiler.fail('wrong_arguments', 'loop');
  const slot = locals.size;
  const inner = withLocal(locals, variable.args, slot);
  const source = compiler.compile(over, locals);
  const runs = bodies.map((body) => compiler.compile(body, inner));
  const cost = 1 + bodies.reduce((sum, body) => sum + sizeOf(body), 0);
  const visit = bodies.length === 2 ? filterMap : loop.run;
  return (frame) => {
    const items = itemsOf(source(frame), frame);
    const at = (item: Value, which: 0 | 1 = 0): Value => {
      frame.budget.spend(cost);
      frame.locals[slot] = item;
      return runs[which]?.(frame) ?? null;
    };
    const test = (value: Value): boolean => {
      if (typeof value !== 'boolean') throw frame.budget.fail('wrong_type', `${typeName(value)}, not bool`);
      return value;
    };
    return visit(items, at, test);
  };
}

function itemsOf(value: Value, frame: Frame): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (isMap(value)) return Object.keys(value);
  throw frame.budget.fail('wrong_type', typeName(value));
}
