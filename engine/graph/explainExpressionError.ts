import { words, type Locale, type Text } from '#nodes/sdk/text.js';
import { problemCodes } from './problemCodes.js';
import { fill } from './report.js';
import type { ExpressionError } from './expressions/expressionError.js';
import { saySyntax } from './expressions/syntaxReason.js';

/** What a run says of an expression that failed, in a reader's language. */
export const explainExpressionError = ({ code, detail }: ExpressionError, locale: Locale): string =>
  sayExpression(code, detail, locale) ?? fill(problemCodes['expression.syntax'].text[locale], {}, locale);

/** The sentence of a kind of `ExpressionError` with what it speaks of; `null` for a kind that this version does not know. */
export function sayExpression(kind: string, detail: string, locale: Locale): string | null {
  if (kind === 'wrong_type') return fill(wrongType[locale], { name: typesIn(detail, locale) }, locale);
  const code = `expression.${kind}`;
  if (!Object.hasOwn(problemCodes, code)) return null;
  const name = kind === 'syntax' ? saySyntax(detail, locale) : detail;
  return fill(problemCodes[code as keyof typeof problemCodes].text[locale], { name }, locale);
}

/** At run time the types are known by what met: `string + number`. */
const wrongType = words(
  'A expressão juntou tipos que não combinam[ ({name})]. Converta um dos lados.',
  'The expression put together types that do not match[ ({name})]. Convert one side.',
);

const typeWords: Readonly<Record<string, Text>> = {
  string: words('texto', 'text'),
  number: words('número', 'number'),
  bool: words('verdadeiro ou falso', 'true or false'),
  list: words('lista', 'list'),
  map: words('conjunto de campos', 'set of fields'),
  null: words('vazio', 'nothing'),
  optional: words('valor que pode faltar', 'value that may be missing'),
  not: words('em vez de', 'instead of'),
};

/** Types as they met, in a reader's words. What holds other words is a value that somebody wrote, and stays as it is. */
function typesIn(detail: string, locale: Locale): string {
  const all = detail.match(/[\p{L}\p{N}_]+/gu) ?? [];
  if (!all.every((word) => Object.hasOwn(typeWords, word))) return detail;
  return detail.replace(', not ', ' not ').replace(/[a-z]+/g, (word) => typeWords[word]?.[locale] ?? word);
}
