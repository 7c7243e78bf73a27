import { RE2JS } from 're2js';
import type { Budget } from './budget.js';
import { expressionLimits } from './limits.js';

const compiled = new Map<string, RE2JS>();

/**
 * Whether a part of `text` matches `pattern` (RE2 syntax: no lookaround, no backreferences), in time linear in the text. The library's own
 * `matches` takes 10 s on `(a+)+$`. Work grows with text times pattern, so both are paid for.
 */
export function matches(text: string, pattern: string, budget: Budget): boolean {
  if (pattern.length > expressionLimits.pattern) throw budget.fail('bad_pattern', `${pattern.slice(0, 40)}…`);
  const regex = compiled.get(pattern) ?? compilePattern(pattern, budget);
  budget.spend(10 + (text.length * Math.min(pattern.length * repeatsOf(pattern), 10_000)) / 8);
  return regex.matcher(text).find();
}

function compilePattern(pattern: string, budget: Budget): RE2JS {
  budget.spend(500 + pattern.length * repeatsOf(pattern));
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch {
    throw budget.fail('bad_pattern', pattern);
  }
  if (compiled.size >= 500) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

/** Counted repeats copy their operand: `(a{50}){50}` is a program of 2,500 steps. The product of all counts is an upper bound. */
function repeatsOf(pattern: string): number {
  let product = 1;
  for (const [, low, high] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) product *= Math.max(1, Number(high || low));
  return product;
}
