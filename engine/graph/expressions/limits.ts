/** Bounds that end or refuse any expression well within 100 ms and 32 MB (scorecard 49). All are constants of the language, not settings. */
export const expressionLimits = {
  /** Characters of one expression, between `{{` and `}}`. */
  source: 4_000,
  /** Nodes of its syntax tree. */
  nodes: 1_000,
  /** Nesting of brackets, calls and selections. */
  nesting: 64,
  /** Levels of its syntax tree: a chain of operators is as deep as it is long. */
  depth: 300,
  /** Work of one evaluation: about one unit for each tree node visited in a loop, each list element made, each 32 characters handled. */
  work: 300_000,
  /** Characters of any string that an expression or a template makes. */
  string: 1_000_000,
  /** Levels of a value that an expression gives. */
  valueDepth: 100,
  /** Characters of a regular expression. */
  pattern: 500,
  /** Expressions in one template. */
  parts: 200,
} as const;
