import { Budget } from './budget.js';
import { ExpressionError } from './expressionError.js';
import { functions, methods, type FunctionDefinition } from './functions.js';
import { compileMacro } from './macros.js';
import { rootNames, type Evaluate, type ExpressionCompiler, type Frame, type Locals, type Scope } from './frame.js';
import { binary, logical } from './operators.js';
import { parseExpression, type Tree } from './parse.js';
import { forbiddenNames, Maybe, member, NOTHING, toJson, typeName, type MapValue, type Value } from './values.js';
import type { Json } from '#nodes/sdk/json.js';

export interface Expression {
  readonly source: string;
  readonly tree: Tree;
  /** The value as JSON. Throws `ExpressionError`. The same scope gives the same value, but for `now()`. */
  evaluate(scope: Scope, options?: { readonly now?: () => Date }): Value;
}

/** Compiles one CEL expression. Throws `ExpressionError`. */
export function compileExpression(source: string): Expression {
  const tree = parseExpression(source);
  const run = new Compiler(source).compile(tree, new Map());
  return {
    source,
    tree,
    evaluate(scope, options) {
      const budget = new Budget(source);
      try {
        return run({ roots: scope as MapValue, locals: [], budget, moment: options?.now ?? (() => new Date()) });
      } catch (error) {
        if (error instanceof RangeError) throw budget.fail('too_big');
        throw error;
      }
    },
  };
}

/** The JSON of an evaluated value, bounded. */
export function jsonOf(value: Value, source: string): Json {
  return toJson(value, new Budget(source));
}

class Compiler implements ExpressionCompiler {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  fail(code: ConstructorParameters<typeof ExpressionError>[0], detail?: string): ExpressionError {
    return new ExpressionError(code, this.#source, detail);
  }

  compile(tree: Tree, locals: Locals): Evaluate {
    switch (tree.op) {
      case 'value':
        return this.#literal(tree.args);
      case 'id':
        return this.#name(tree.args, locals);
      case '.':
        return this.#select(tree.args[0], tree.args[1], locals);
      case '.?':
        return this.#selectMaybe(tree.args[0], tree.args[1], locals);
      case '[]':
        return this.#index(tree.args[0], tree.args[1], locals);
      case '[?]':
        return this.#indexMaybe(tree.args[0], tree.args[1], locals);
      case 'call':
        return compileMacro(this, tree, locals) ?? this.#call(functions, tree.args[0], tree.args[1], 0, locals);
      case 'rcall': {
        const [name, receiver, args] = tree.args;
        return compileMacro(this, tree, locals) ?? this.#call(methods, name, [receiver, ...args], 1, locals);
      }
      case 'list':
        return this.#list(tree.args, locals);
      case 'map':
        return this.#map(tree.args, locals);
      case '?:':
        return this.#ternary(tree.args, locals);
      case '||':
      case '&&':
        return logical(tree.op, this.compile(tree.args[0], locals), this.compile(tree.args[1], locals));
      case '!_':
        return this.#not(this.compile(tree.args, locals));
      case '-_':
        return this.#minus(this.compile(tree.args, locals));
      default:
        return binary(tree.op, this.compile(tree.args[0], locals), this.compile(tree.args[1], locals));
    }
  }

  #literal(literal: unknown): Evaluate {
    const value = typeof literal === 'object' && literal !== null ? literal.valueOf() : literal;
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) throw this.fail('bad_number', `${value}`);
      return () => number;
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return () => value;
    if (typeof value === 'number' && Number.isFinite(value)) return () => value;
    throw this.fail('unsupported', 'bytes');
  }

  #name(name: string, locals: Locals): Evaluate {
    const slot = locals.get(name);
    if (slot !== undefined) return (frame) => frame.locals[slot] ?? null;
    if (!(rootNames as readonly string[]).includes(name)) throw this.fail('unknown_name', name);
    return (frame) => {
      const value = member(frame.roots, name, frame.budget);
      if (value === undefined) throw frame.budget.fail('missing', name);
      return value;
    };
  }

  #select(from: Tree, name: string, locals: Locals): Evaluate {
    if (forbiddenNames.has(name)) throw this.fail('forbidden_name', name);
    const container = this.compile(from, locals);
    return (frame) => read(container(frame), name, frame);
  }

  #selectMaybe(from: Tree, name: string, locals: Locals): Evaluate {
    if (forbiddenNames.has(name)) throw this.fail('forbidden_name', name);
    const container = this.compile(from, locals);
    return (frame) => readMaybe(container(frame), name, frame);
  }

  #index(from: Tree, key: Tree, locals: Locals): Evaluate {
    const container = this.compile(from, locals);
    const index = this.compile(key, locals);
    return (frame) => read(container(frame), index(frame), frame);
  }

  #indexMaybe(from: Tree, key: Tree, locals: Locals): Evaluate {
    const container = this.compile(from, locals);
    const index = this.compile(key, locals);
    return (frame) => readMaybe(container(frame), index(frame), frame);
  }

  #call(
    table: ReadonlyMap<string, FunctionDefinition>,
    name: string,
    args: readonly Tree[],
    receivers: number,
    locals: Locals,
  ): Evaluate {
    const definition = table.get(name);
    if (!definition) throw this.fail('unknown_function', name);
    const given = args.length - receivers;
    if (given < definition.arity[0] || given > definition.arity[1]) throw this.fail('wrong_arguments', name);
    const values = args.map((arg) => this.compile(arg, locals));
    return (frame) => {
      frame.budget.spend(1);
      return definition.run(
        values.map((value) => value(frame)),
        frame.budget,
        frame.moment,
      );
    };
  }

  #list(items: readonly Tree[], locals: Locals): Evaluate {
    const values = items.map((item) => this.compile(item, locals));
    return (frame) => {
      frame.budget.spend(values.length);
      return values.map((value) => value(frame));
    };
  }

  #map(entries: readonly (readonly [Tree, Tree])[], locals: Locals): Evaluate {
    const compiled = entries.map(([key, value]) => [this.compile(key, locals), this.compile(value, locals)] as const);
    return (frame) => {
      frame.budget.spend(compiled.length);
      const map: Record<string, Value> = {};
      for (const [key, value] of compiled) {
        const name = key(frame);
        if (typeof name !== 'string') throw frame.budget.fail('wrong_type', `{${typeName(name)}: …}`);
        if (forbiddenNames.has(name)) throw frame.budget.fail('forbidden_name', name);
        map[name] = value(frame);
      }
      return map;
    };
  }

  #ternary([condition, yes, no]: readonly [Tree, Tree, Tree], locals: Locals): Evaluate {
    const test = this.compile(condition, locals);
    const whenTrue = this.compile(yes, locals);
    const whenFalse = this.compile(no, locals);
    return (frame) => {
      const result = test(frame);
      if (typeof result !== 'boolean') throw frame.budget.fail('wrong_type', `${typeName(result)} ? … : …`);
      return result ? whenTrue(frame) : whenFalse(frame);
    };
  }

  #not(operand: Evaluate): Evaluate {
    return (frame) => {
      const value = operand(frame);
      if (typeof value !== 'boolean') throw frame.budget.fail('wrong_type', `!${typeName(value)}`);
      return !value;
    };
  }

  #minus(operand: Evaluate): Evaluate {
    return (frame) => {
      const value = operand(frame);
      if (typeof value !== 'number') throw frame.budget.fail('wrong_type', `-${typeName(value)}`);
      return -value;
    };
  }
}

function read(container: Value, key: Value, frame: Frame): Value {
  // Selecting from an optional stays optional, as in CEL: `a.?b.c`.
  if (container instanceof Maybe) return readMaybe(container, key, frame);
  const value = member(container, key, frame.budget);
  if (value === undefined) throw frame.budget.fail('missing', String(key));
  return value;
}

function readMaybe(container: Value, key: Value, frame: Frame): Value {
  const value = container instanceof Maybe ? container.value : container;
  return value === undefined ? NOTHING : Maybe.of(member(value, key, frame.budget));
}
