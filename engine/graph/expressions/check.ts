import { closestName, type Closest } from './closest.js';
import { compileExpression, type Expression } from './compile.js';
import type { Finding, FindingSink } from './finding.js';
import { rootNames } from './frame.js';
import { ExpressionError } from './expressionError.js';
import { factOf, factsWhen, noFacts, pathOf, withFacts, type Facts } from './facts.js';
import { checkOperator } from './checkOperator.js';
import { functionSignatures, methodSignatures, type Signature } from './signatures.js';
import type { Tree } from './parse.js';
import { syntaxText } from './syntaxReason.js';
import { typeOfValue } from './schemaTypes.js';
import {
  anyType,
  boolType,
  isAssignable,
  listOf,
  mayBeNull,
  numberType,
  optionalOf,
  partsOf,
  presentOf,
  stringType,
  unionOf,
  type Field,
  type Type,
} from './types.js';

/** Where a step stands, seen from the node whose expression is checked. */
export type StepField = Field | 'later' | 'unknown';

/** What an expression can see at its node. */
export interface CheckScope {
  /** Type of each root name but `steps`. A name that is missing here cannot be used at this node. */
  readonly roots: ReadonlyMap<string, Type>;
  readonly step: (id: string) => StepField;
  /** Steps that may be named here, for suggestions. */
  readonly stepIds: () => Iterable<string>;
  /** Finds the name that was meant; bounded by whoever checks many expressions. */
  readonly closest?: Closest;
}

export interface Checked {
  readonly type: Type;
  readonly findings: readonly Finding[];
}

/** Type-checks an expression. Never throws: one that does not compile is a finding, and its type is `any`. */
export function checkExpression(source: string, scope: CheckScope): Checked {
  let expression: Expression;
  try {
    expression = compileExpression(source);
  } catch (error) {
    return { type: anyType, findings: [findingOf(error, scope)] };
  }
  const checker = new Checker(scope);
  const type = checker.check(expression.tree, { locals: new Map(), facts: noFacts, soft: false });
  return { type, findings: checker.findings };
}

/** A compile error as a finding. Rethrows what is not one. */
export function findingOf(error: unknown, scope?: CheckScope): Finding {
  if (!(error instanceof ExpressionError)) throw error;
  const names = [...(scope?.roots.keys() ?? rootNames), 'steps'];
  const known = { unknown_name: names, unknown_function: [...functionSignatures.keys(), ...methodSignatures.keys()] };
  const candidates = error.code in known ? known[error.code as keyof typeof known] : [];
  const suggestion = (scope?.closest ?? closestName)(error.detail, candidates);
  const name = error.code === 'syntax' ? syntaxText(error.detail) : error.detail;
  return { code: error.code, params: { name, ...(suggestion && { suggestion }) }, ...(error.at && { at: error.at }) };
}

interface Sight {
  readonly locals: ReadonlyMap<string, Type>;
  readonly facts: Facts;
  /** Inside `has` and `coalesce`: what is missing is not a mistake. */
  readonly soft: boolean;
}

class Checker implements FindingSink {
  readonly findings: Finding[] = [];
  readonly #scope: CheckScope;
  readonly #closest: Closest;
  /** What is being looked at: where a finding is. */
  #at: Tree | undefined;

  constructor(scope: CheckScope) {
    this.#scope = scope;
    this.#closest = scope.closest ?? closestName;
  }

  find(code: string, params: Finding['params'], mend?: Finding['mend']): Type {
    const at = mend ?? this.#at;
    this.findings.push({ code, params, ...(mend && { mend }), ...(at && { at: { start: at.start, end: at.end } }) });
    return anyType;
  }

  check(tree: Tree, sight: Sight): Type {
    const around = this.#at;
    this.#at = tree;
    const type = this.#typeOf(tree, sight);
    this.#at = around;
    return type;
  }

  #typeOf(tree: Tree, sight: Sight): Type {
    switch (tree.op) {
      case 'value': {
        const value: unknown = tree.args;
        if (value === null || typeof value === 'string' || typeof value === 'boolean') return typeOfValue(value);
        return numberType;
      }
      case 'id':
        return this.#name(tree.args, sight);
      case '.':
      case '.?':
        return this.#member(tree, tree.args[0], tree.args[1], tree.op === '.?', sight);
      case '[]':
      case '[?]':
        return this.#index(tree, tree.args[0], tree.args[1], tree.op === '[?]', sight);
      case 'call':
        return this.#call(tree.args[0], tree.args[1], sight);
      case 'rcall':
        return this.#method(tree.args[0], tree.args[1], tree.args[2], sight);
      case 'list':
        return listOf(unionOf(tree.args.map((item) => this.check(item, sight))));
      case 'map':
        return this.#map(tree.args, sight);
      case '?:': {
        const [condition, yes, no] = tree.args;
        this.expect(this.check(condition, sight), boolType, '?:');
        return unionOf([
          this.check(yes, this.#knowing(sight, condition, true)),
          this.check(no, this.#knowing(sight, condition, false)),
        ]);
      }
      case '&&':
      case '||': {
        const [left, right] = tree.args;
        this.expect(this.check(left, sight), boolType, tree.op);
        this.expect(this.check(right, this.#knowing(sight, left, tree.op === '&&')), boolType, tree.op);
        return boolType;
      }
      case '!_':
        this.expect(this.check(tree.args, sight), boolType, '!');
        return boolType;
      case '-_':
        this.expect(this.check(tree.args, sight), numberType, '-');
        return numberType;
      default:
        return checkOperator(this, tree.op, this.check(tree.args[0], sight), this.check(tree.args[1], sight));
    }
  }

  /** Reports a value that may not stand in a place. */
  expect(given: Type, wanted: Type, place: string): void {
    if (isAssignable(given, wanted)) return;
    if (isAssignable(presentOf(given), wanted)) this.find('may_be_null', { name: place });
    else this.find('wrong_argument', { name: place, expected: wanted, found: given });
  }

  #knowing(sight: Sight, condition: Tree, outcome: boolean): Sight {
    return { ...sight, facts: withFacts(sight.facts, factsWhen(condition, outcome)) };
  }

  #name(name: string, sight: Sight): Type {
    const local = sight.locals.get(name) ?? this.#scope.roots.get(name);
    if (local) return sight.facts.has(factOf([name])) ? presentOf(local) : local;
    if (name === 'steps') return anyType;
    if (name === 'item' || name === 'index') return this.find('only_in_loop', { name });
    return this.find('unknown_name', { name });
  }

  #member(tree: Tree, from: Tree, name: string, optional: boolean, sight: Sight): Type {
    const isSteps = from.op === 'id' && from.args === 'steps' && !sight.locals.has('steps');
    // `pos` of a selection is where the selected name begins.
    const at = { start: tree.pos, end: tree.pos + name.length };
    const present = sight.facts.has(factOf(pathOf(tree) ?? []));
    if (isSteps) return this.#step(name, optional, present, tree.op === '.' ? at : undefined, sight);
    const container = this.check(from, { ...sight, soft: sight.soft || optional });
    return this.#field(container, name, { optional, present, sight, at, shown: shown(from) });
  }

  #step(id: string, optional: boolean, present: boolean, at: Finding['mend'] | object | undefined, sight: Sight): Type {
    const step = this.#scope.step(id);
    if (step === 'later') return this.find('step_later', { name: id });
    if (step === 'unknown') {
      const suggestion = this.#closest(id, this.#scope.stepIds());
      const mend = suggestion && at && 'start' in at ? { start: at.start, end: at.end, text: suggestion } : undefined;
      return this.find('step_unknown', { name: id, ...(suggestion && { suggestion }) }, mend);
    }
    if (optional) return optionalOf(step.type);
    if (!step.required && !present && !sight.soft) this.find('step_may_not_run', { name: id });
    return step.type;
  }

  #field(
    container: Type,
    name: string,
    use: { optional: boolean; present: boolean; sight: Sight; at: { start: number; end: number }; shown: string },
  ): Type {
    const found: Type[] = [];
    let absent = false;
    let chained = false;
    let notMap: Type | undefined;
    for (const outer of partsOf(container)) {
      if (outer.kind === 'optional') chained = true;
      for (const part of partsOf(outer.kind === 'optional' ? outer.of : outer)) {
        if (part.kind === 'any') found.push(anyType);
        else if (part.kind === 'null') absent = true;
        else if (part.kind !== 'map') notMap = part;
        else {
          const field = part.fields.get(name);
          if (field) found.push(field.type);
          else if (part.rest) found.push(part.rest);
          if (field ? !field.required : !part.rest) absent = true;
        }
      }
    }
    if (found.length === 0) {
      if (notMap) return this.find('not_fields', { name, found: notMap });
      const names = partsOf(container).flatMap((part) => (part.kind === 'map' ? [...part.fields.keys()] : []));
      // Only `null` is known of the value: that there is nothing to select is the problem, not the name.
      if (names.length === 0 && partsOf(container).every((part) => part.kind === 'null')) return anyType;
      const suggestion = this.#closest(name, names);
      const fields = names.slice(0, 8).join(', ');
      const mend = suggestion ? { ...use.at, text: suggestion } : undefined;
      return this.find('unknown_field', { name, fields, of: use.shown, ...(suggestion && { suggestion }) }, mend);
    }
    const type = unionOf(found);
    if (use.optional || chained) return optionalOf(presentOf(type));
    if (use.present) return presentOf(type);
    if ((absent || notMap) && !use.sight.soft) this.find('may_be_missing', { name, of: use.shown });
    return type;
  }

  #index(tree: Tree, from: Tree, key: Tree, optional: boolean, sight: Sight): Type {
    const literal: unknown = key.op === 'value' ? key.args : undefined;
    if (typeof literal === 'string') return this.#member(tree, from, literal, optional, sight);
    const container = this.check(from, { ...sight, soft: sight.soft || optional });
    const keyType = this.check(key, sight);
    const types = partsOf(presentOf(container)).map((part): Type => {
      const inner = part.kind === 'optional' ? part.of : part;
      if (inner.kind === 'list') {
        this.expect(keyType, numberType, '[ ]');
        return inner.item;
      }
      if (inner.kind === 'map') {
        this.expect(keyType, stringType, '[ ]');
        return unionOf([...[...inner.fields.values()].map((field) => field.type), ...(inner.rest ? [inner.rest] : [])]);
      }
      return inner.kind === 'any' ? anyType : this.find('not_fields', { name: '[ ]', found: inner });
    });
    if (mayBeNull(container) && !optional && !sight.soft) this.find('may_be_null', { name: shown(from) });
    const type = unionOf(types);
    const chained = partsOf(container).some((part) => part.kind === 'optional');
    return optional || chained ? optionalOf(type) : type;
  }

  #map(entries: readonly (readonly [Tree, Tree])[], sight: Sight): Type {
    const fields = new Map<string, Field>();
    let rest: Type | null = null;
    for (const [key, value] of entries) {
      const type = this.check(value, sight);
      if (key.op === 'value' && typeof key.args === 'string') fields.set(key.args, { type, required: true });
      else {
        this.expect(this.check(key, sight), stringType, '{ }');
        rest = anyType;
      }
    }
    return { kind: 'map', fields, rest };
  }

  #call(name: string, args: readonly Tree[], sight: Sight): Type {
    if (name === 'has') {
      for (const arg of args) this.check(arg, { ...sight, soft: true });
      return boolType;
    }
    if (name === 'coalesce') {
      const types = args.map((arg) => this.check(arg, { ...sight, soft: true }));
      return unionOf(
        types.map((type, index) => (index < types.length - 1 ? presentOf(unwrapped(type)) : unwrapped(type))),
      );
    }
    const given = args.map((arg) => this.check(arg, sight));
    return this.#apply(functionSignatures.get(name), name, given);
  }

  #method(name: string, receiver: Tree, args: readonly Tree[], sight: Sight): Type {
    if (receiver.op === 'id' && !sight.locals.has(receiver.args)) {
      const [first, second, third] = args;
      if (receiver.args === 'cel' && first?.op === 'id' && second && third) {
        const bound = this.check(second, sight);
        return this.check(third, { ...sight, locals: new Map(sight.locals).set(first.args, bound) });
      }
      if (receiver.args === 'optional') return optionalOf(first ? this.check(first, sight) : anyType);
    }
    const [variable, ...bodies] = args;
    if (loopNames.has(name) && variable?.op === 'id' && bodies.length > 0) {
      return this.#loop(name, this.check(receiver, sight), variable.args, bodies, sight);
    }
    const given = [this.check(receiver, sight), ...args.map((arg) => this.check(arg, sight))];
    return this.#apply(methodSignatures.get(name), name, given);
  }

  #apply(signature: Signature | undefined, name: string, given: readonly Type[]): Type {
    if (!signature) return anyType;
    const last = signature.takes.at(-1) ?? anyType;
    for (const [index, type] of given.entries()) this.expect(type, signature.takes[index] ?? last, `${name}()`);
    return typeof signature.gives === 'function' ? signature.gives(given) : signature.gives;
  }

  #loop(name: string, over: Type, variable: string, bodies: readonly Tree[], sight: Sight): Type {
    const items = partsOf(presentOf(over)).map((part): Type => {
      if (part.kind === 'list') return part.item;
      if (part.kind === 'map') return stringType;
      return part.kind === 'any' ? anyType : this.find('not_list', { name, found: part });
    });
    if (mayBeNull(over)) this.find('may_be_null', { name: `${name}()` });
    const item = unionOf(items);
    let inner: Sight = { ...sight, locals: new Map(sight.locals).set(variable, item) };
    const [first, second] = bodies;
    if (name === 'map' && first && second) {
      this.expect(this.check(first, inner), boolType, 'map()');
      inner = this.#knowing(inner, first, true);
      return listOf(this.check(second, inner));
    }
    const result = first ? this.check(first, inner) : anyType;
    if (name === 'map') return listOf(result);
    this.expect(result, boolType, `${name}()`);
    return name === 'filter' ? listOf(item) : boolType;
  }
}

const loopNames: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

const unwrapped = (type: Type): Type =>
  unionOf(partsOf(type).flatMap((part) => (part.kind === 'optional' ? [part.of, { kind: 'null' } as const] : [part])));

/** The source of a part of the expression, for a message. */
const shown = (tree: Tree): string => tree.input.slice(tree.start, tree.end).slice(0, 80);
