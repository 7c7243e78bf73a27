import type { Json } from '#nodes/sdk/json.js';
import { Budget } from './budget.js';
import { compileExpression, jsonOf, type Expression } from './compile.js';
import type { Scope } from './frame.js';
import { ExpressionError } from './expressionError.js';
import { expressionLimits } from './limits.js';
import { closingBraces } from './spans.js';
import { render } from './values.js';

/** A config string, parsed: plain text; one expression alone, which keeps its value's type; or text with expressions, which gives text. */
export type Template =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'mixed'; readonly parts: readonly (string | Expression)[] };

export interface EvaluateOptions {
  /** The time `now()` gives; the clock's without it. */
  readonly now?: () => Date;
}

/** Parsed templates by their text. Bounded, because texts come from whoever writes definitions. */
const cache = new Map<string, Template>();
const cacheSize = 5_000;

/** Parses a config string. Cached. Throws `ExpressionError` when an expression in it cannot be compiled. */
export function compileTemplate(text: string): Template {
  const known = cache.get(text);
  if (known) return known;
  const template = parseTemplate(text);
  if (text.length <= 10_000) {
    if (cache.size >= cacheSize) cache.clear();
    cache.set(text, template);
  }
  return template;
}

/** The value of a template. Values put into text are never looked at for expressions again. */
export function evaluateTemplate(template: Template, scope: Scope, options?: EvaluateOptions): Json {
  if (template.kind === 'literal') return template.text;
  if (template.kind === 'expression') {
    return jsonOf(template.expression.evaluate(scope, options), template.expression.source);
  }
  let text = '';
  for (const part of template.parts) {
    text += typeof part === 'string' ? part : render(part.evaluate(scope, options), new Budget(part.source));
    if (text.length > expressionLimits.string) {
      throw new ExpressionError('too_big', typeof part === 'string' ? part : part.source);
    }
  }
  return text;
}

function parseTemplate(text: string): Template {
  const parts: (string | Expression)[] = [];
  let position = 0;
  for (;;) {
    const open = text.indexOf('{{', position);
    if (open === -1) break;
    const close = closingBraces(text, open + 2);
    if (close === -1) throw new ExpressionError('unclosed', text.slice(open + 2));
    if (open > position) parts.push(text.slice(position, open));
    parts.push(compileExpression(text.slice(open + 2, close).trim()));
    if (parts.length > expressionLimits.parts * 2) throw new ExpressionError('too_complex', text);
    position = close + 2;
  }
  if (position < text.length) parts.push(text.slice(position));
  const [only] = parts;
  if (parts.length === 0) return { kind: 'literal', text };
  if (parts.length > 1 || only === undefined) return { kind: 'mixed', parts };
  return typeof only === 'string' ? { kind: 'literal', text } : { kind: 'expression', expression: only };
}
