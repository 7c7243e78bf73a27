import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { ExpressionError } from './expressionError.js';
import { expressionLimits } from './limits.js';
import { nothingWritten, syntaxReason, type GrammarError } from './syntaxReason.js';

/**
 * Only the grammar is the library's: its own evaluator has no bound on work, gives int64 where JSON has numbers, and runs `matches` on a
 * backtracking engine. Trees are evaluated by `compile.ts`.
 */
const grammar = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: expressionLimits.nodes,
    maxDepth: expressionLimits.nesting,
    maxListElements: 500,
    maxMapEntries: 500,
    maxCallArguments: 32,
  },
});

export type Tree = ASTNode;

/** The syntax tree of a CEL expression. Throws `ExpressionError` (`syntax`, `too_long`, `too_complex`). */
export function parseExpression(source: string): Tree {
  if (source.length > expressionLimits.source) throw new ExpressionError('too_long', source);
  if (source.trim() === '') throw new ExpressionError('syntax', source, nothingWritten);
  try {
    const tree = grammar.parse(source).ast;
    if (depthOf(tree) > expressionLimits.depth) throw new ExpressionError('too_complex', source);
    return tree;
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    // A row of several thousand `!` is the one thing the grammar nests without counting.
    if (error instanceof RangeError) throw new ExpressionError('too_complex', source);
    const refused = error as GrammarError;
    if (refused.code === 'limit_exceeded') throw new ExpressionError('too_complex', source);
    const { range } = refused;
    const at = range && range.end > range.start && source.slice(range.start).trim() !== '' ? range : undefined;
    throw new ExpressionError('syntax', source, syntaxReason(refused, source), at);
  }
}

/** Levels of the tree, found without recursion, since it is recursion that must be bounded. */
function depthOf(root: Tree): number {
  let depth = 0;
  for (let level: Tree[] = [root]; level.length > 0; depth += 1) level = level.flatMap(childrenOf);
  return depth;
}

export function childrenOf(tree: Tree): Tree[] {
  switch (tree.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [tree.args[0]];
    case 'call':
      return tree.args[1];
    case 'rcall':
      return [tree.args[1], ...tree.args[2]];
    case 'map':
      return tree.args.flat();
    case '!_':
    case '-_':
      return [tree.args];
    default:
      return tree.args;
  }
}

/** How many nodes a tree has: the work of evaluating it once, outside loops. */
export function sizeOf(root: Tree): number {
  let size = 0;
  for (let level: Tree[] = [root]; level.length > 0; level = level.flatMap(childrenOf)) size += level.length;
  return size;
}
