import type { Budget } from './budget.js';
import type { ExpressionError } from './expressionError.js';
import type { Tree } from './parse.js';
import type { MapValue, Value } from './values.js';

/** Values an expression sees, by the name it begins with. Plain JSON data only. */
export interface Scope {
  readonly trigger?: unknown;
  /** The value each settled step returned, by node id. Skipped and failed steps are absent. */
  readonly steps?: unknown;
  readonly contact?: unknown;
  readonly conversation?: unknown;
  readonly organization?: unknown;
  readonly item?: unknown;
  readonly index?: unknown;
}
export const rootNames = ['trigger', 'steps', 'contact', 'conversation', 'organization', 'item', 'index'] as const;

/** What is at hand while one expression is evaluated. */
export interface Frame {
  readonly roots: MapValue;
  /** Variables of the loops around, by their slot. */
  readonly locals: Value[];
  readonly budget: Budget;
  readonly moment: () => Date;
}
export type Evaluate = (frame: Frame) => Value;

/** Variables in sight while compiling: name to slot. */
export type Locals = ReadonlyMap<string, number>;

/** Turns trees into functions; what macros need of the compiler that calls them. */
export interface ExpressionCompiler {
  compile(tree: Tree, locals: Locals): Evaluate;
  fail(code: ExpressionError['code'], detail?: string): ExpressionError;
}
