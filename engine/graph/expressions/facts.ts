import type { Tree } from './parse.js';

/** Paths that something has shown to be present and not null, each spelled as JSON: `["contact","name"]`. */
export type Facts = ReadonlySet<string>;
export const noFacts: Facts = new Set();

/** The path that a chain of selections spells, `null` for anything else. */
export function pathOf(tree: Tree): readonly string[] | null {
  if (tree.op === 'id') return [tree.args];
  if (tree.op === '.' || tree.op === '.?') {
    const above = pathOf(tree.args[0]);
    return above && [...above, tree.args[1]];
  }
  if ((tree.op === '[]' || tree.op === '[?]') && tree.args[1].op === 'value') {
    const key: unknown = tree.args[1].args;
    const above = pathOf(tree.args[0]);
    return above && (typeof key === 'string' || typeof key === 'bigint') ? [...above, String(key)] : null;
  }
  return null;
}

export const factOf = (path: readonly string[]): string => JSON.stringify(path);

/** What holds when a condition turned out `outcome`: `has(a.b)`, `a.b != null` and what `&&`, `||` and `!` make of them. */
export function factsWhen(condition: Tree, outcome: boolean): readonly string[] {
  switch (condition.op) {
    case '!_':
      return factsWhen(condition.args, !outcome);
    case '&&':
    case '||':
      if ((condition.op === '&&') !== outcome) return [];
      return condition.args.flatMap((side) => factsWhen(side, outcome));
    case '!=':
    case '==': {
      if ((condition.op === '!=') !== outcome) return [];
      const [left, right] = condition.args;
      if (isNull(right)) return presence(left);
      return isNull(left) ? presence(right) : [];
    }
    case 'call':
      return outcome && condition.args[0] === 'has' ? condition.args[1].flatMap(presence) : [];
    case 'rcall':
      return outcome && condition.args[0] === 'hasValue' ? presence(condition.args[1]) : [];
    default:
      return [];
  }
}

const isNull = (tree: Tree): boolean => tree.op === 'value' && tree.args === null;

/** A path that is there has everything above it there too. */
function presence(tree: Tree): string[] {
  const path = pathOf(tree);
  return path ? path.map((_, index) => factOf(path.slice(0, index + 1))) : [];
}

export const withFacts = (facts: Facts, more: readonly string[]): Facts =>
  more.length === 0 ? facts : new Set([...facts, ...more]);
