import { saySyntax } from './syntaxReason.js';

/** Every way an expression can fail. `engine/graph/problemCodes.ts` says each in both languages. */
export type ExpressionErrorCode =
  | 'unclosed'
  | 'syntax'
  | 'too_long'
  | 'too_complex'
  | 'too_much_work'
  | 'too_big'
  | 'unknown_name'
  | 'unknown_function'
  | 'wrong_arguments'
  | 'wrong_type'
  | 'missing'
  | 'forbidden_name'
  | 'bad_number'
  | 'bad_pattern'
  | 'unsupported';

/** Limits were hit: nothing in an expression may catch it. */
const fatal: ReadonlySet<ExpressionErrorCode> = new Set(['too_much_work', 'too_big', 'too_complex']);

/** An expression that cannot be compiled or evaluated. The author must act; the same values give the same error. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  /** The expression's own text, without the braces. */
  readonly expression: string;
  /** What the message speaks of: a field's name, a type, why it cannot be read (`syntaxReason`). */
  readonly detail: string;
  /** The part of the expression that is wrong, in characters from its start, where it is known. */
  readonly at: { readonly start: number; readonly end: number } | undefined;

  constructor(code: ExpressionErrorCode, expression: string, detail = '', at?: ExpressionError['at']) {
    const said = code === 'syntax' ? saySyntax(detail, 'en') : detail;
    super(`${describe[code]}${said && `: ${said}`} in {{ ${shorten(expression)} }}`);
    this.code = code;
    this.expression = expression;
    this.detail = detail;
    this.at = at;
  }

  /** True when it may be caught inside the expression (`||`, `&&`, `coalesce`, `has`). */
  get catchable(): boolean {
    return !fatal.has(this.code);
  }
}

const describe: Record<ExpressionErrorCode, string> = {
  unclosed: 'No closing braces',
  syntax: 'Not a valid expression',
  too_long: 'The expression is too long',
  too_complex: 'The expression is too complex',
  too_much_work: 'The expression does too much work',
  too_big: 'The expression makes a value that is too big',
  unknown_name: 'Unknown name',
  unknown_function: 'Unknown function',
  wrong_arguments: 'Wrong arguments',
  wrong_type: 'Wrong type',
  missing: 'No such field',
  forbidden_name: 'This name cannot be used',
  bad_number: 'Not a number',
  bad_pattern: 'Not a valid regular expression',
  unsupported: 'Not supported',
};

export const expressionErrorCodes = Object.keys(describe) as ExpressionErrorCode[];

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text);
