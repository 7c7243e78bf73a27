import type { Locale } from '#nodes/sdk/text.js';
import { problemCodes } from './problemCodes.js';
import { fill } from './report.js';
import type { ExpressionError } from './expressions/expressionError.js';

/** What a run says of an expression that failed, in a reader's language. */
export function explainExpressionError(error: ExpressionError, locale: Locale): string {
  const { text } = error.code === 'wrong_type' ? runtimeWrongType : problemCodes[`expression.${error.code}`];
  return fill(text[locale], { name: error.detail }, locale);
}

/** At run time the types are known by what met: `string + number`. */
const runtimeWrongType = {
  text: {
    'pt-BR': 'A expressão juntou tipos que não combinam[ ({name})]. Converta um dos lados.',
    en: 'The expression put together types that do not match[ ({name})]. Convert one side.',
  },
} as const;
