import { words, type Locale, type Text } from '#nodes/sdk/text.js';

/** What the grammar says of a text that it cannot read: `code` and `range` of its error. */
export interface GrammarError {
  readonly code?: string | undefined;
  readonly summary?: string | undefined;
  readonly range?: { readonly start: number; readonly end: number } | undefined;
}

/** Why an expression cannot be read, as part of a sentence. `{got}` is what stands there, `{want}` what should. */
const reasons = {
  empty: words('não tem nada escrito entre as chaves', 'nothing is written between the braces'),
  ends: words('falta o que vem no fim', 'its end is missing'),
  ends_after: words('falta o que vem depois de "{got}"', 'something must follow "{got}"'),
  name_missing: words('falta o nome do campo depois do ponto', 'the name of a field is missing after the dot'),
  not_closed: words('falta fechar com "{want}"', '"{want}" is missing at the end'),
  missing_before: words('falta "{want}" antes de "{got}"', '"{want}" is missing before "{got}"'),
  out_of_place: words('"{got}" não cabe neste lugar', '"{got}" does not fit in this place'),
  operator_missing: words(
    'falta um sinal, como + ou ==, antes de "{got}"',
    'a sign such as + or == is missing before "{got}"',
  ),
  too_many: words('"{got}" está sobrando', 'there is one "{got}" too many'),
  one_equals: words('pra comparar são dois sinais, ==', 'two things are compared with =='),
  one_and: words('pra exigir as duas coisas o sinal é &&', 'that both must hold is written &&'),
  one_or: words('pra aceitar uma das duas o sinal é ||', 'that one of two is enough is written ||'),
  curly_quotes: words('as aspas precisam ser retas, assim: "…"', 'its quotation marks must be straight ones: "…"'),
  character: words('"{got}" não existe em expressões', 'expressions have no "{got}"'),
  number: words('"{got}" não é um número que dê pra usar', '"{got}" is no number that can be used'),
  line_in_text: words(
    'um texto entre aspas não pode mudar de linha (a quebra se escreve \\n)',
    'a text in quotation marks cannot go on in another line (a break is written \\n)',
  ),
  text_open: words('falta fechar as aspas', 'a quotation mark is not closed'),
  escape: words(
    'depois da barra só vão n, t, aspas ou outra barra, e aqui veio "{got}"',
    'only n, t, a quotation mark or another backslash can follow a backslash, and here it is "{got}"',
  ),
  reserved: words('"{got}" é uma palavra reservada', '"{got}" is a reserved word'),
  loop_name: words(
    'antes da vírgula vai só um nome pra cada item, como em lista.filter(x, x > 1)',
    'only a name for each item goes before the comma, as in list.filter(x, x > 1)',
  ),
  unclear: words('confira parênteses, aspas e sinais', 'check brackets, quotes and signs'),
} as const satisfies Record<string, Text>;
type Reason = keyof typeof reasons;

const closers: Readonly<Record<string, string>> = { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':', LPAREN: '(' };
const lone: Readonly<Record<string, Reason>> = {
  '=': 'one_equals',
  '&': 'one_and',
  '|': 'one_or',
  '“': 'curly_quotes',
  '”': 'curly_quotes',
  '‘': 'curly_quotes',
  '’': 'curly_quotes',
};

/** Every code that the grammar's parser has, and what each comes to. `tests/contracts/expressions` asks for those that it may get. */
export const grammarCodes: Readonly<Record<string, (error: GrammarError, source: string) => string>> = {
  unexpected_token: (error, source) =>
    isAtEnd(error, source) ? endOf(source) : of('out_of_place', got(error, source)),
  expected_token: (error, source) => {
    const [, wanted = ''] = /^Expected (\w+), got \w+$/.exec(error.summary ?? '') ?? [];
    if (wanted === 'IDENTIFIER') return of('name_missing');
    const want = closers[wanted];
    if (want === undefined) return isAtEnd(error, source) ? endOf(source) : of('out_of_place', got(error, source));
    return isAtEnd(error, source) ? of('not_closed', want) : of('missing_before', want, got(error, source));
  },
  unexpected_character: (error, source) => {
    const there = got(error, source);
    const reason = lone[there];
    if (reason) return of(reason);
    // A part that could be read, and then something that does not go on with it.
    if (/^[)\]}]$/.test(there)) return of('too_many', there);
    return error.summary?.includes("'") ? of('operator_missing', there) : of('character', there);
  },
  invalid_number: (error, source) => of('number', got(error, source)),
  invalid_integer: (error, source) => of('number', got(error, source)),
  invalid_hex_integer: (error, source) => of('number', got(error, source)),
  invalid_exponent: (_, source) => of('number', source.match(/[\d.]+e[-+]?/i)?.[0] ?? source),
  newline_in_string: () => of('line_in_text'),
  unterminated_string: () => of('text_open'),
  unterminated_triple_quoted_string: () => of('text_open'),
  bytes_unicode_escape: (error, source) => of('escape', got(error, source)),
  invalid_unicode_escape: (error, source) => of('escape', got(error, source)),
  invalid_unicode_surrogate: (error, source) => of('escape', got(error, source)),
  invalid_hex_escape: (error, source) => of('escape', got(error, source)),
  invalid_octal_escape: (error, source) => of('escape', got(error, source)),
  octal_escape_out_of_range: (error, source) => of('escape', got(error, source)),
  invalid_escape_sequence: (error, source) => of('escape', got(error, source)),
  reserved_identifier: (error, source) => of('reserved', got(error, source)),
  invalid_macro_argument: () => of('loop_name'),
};

/** What an `ExpressionError` of the kind `syntax` keeps: a reason's name and what stands in its places, in no language. */
export const syntaxReason = (error: GrammarError, source: string): string =>
  (Object.hasOwn(grammarCodes, error.code ?? '') ? grammarCodes[error.code ?? '']?.(error, source) : undefined) ??
  of('unclear');

export const nothingWritten = 'empty' satisfies Reason;

/** A reason in a reader's language. What is not one of ours (an older record keeps the grammar's own words) says the general one. */
export function saySyntax(detail: string, locale: Locale): string {
  const [name = '', ...rest] = detail.split(' ');
  if (!Object.hasOwn(reasons, name)) return reasons.unclear[locale];
  const text = reasons[name as Reason][locale];
  const [want, got] = text.includes('{want}') ? [rest[0] ?? '', rest.slice(1).join(' ')] : ['', rest.join(' ')];
  return text.replace(/\{(\w+)\}/g, (_, place: string) => (place === 'want' ? want : got));
}

/** The same in both. */
export const syntaxText = (detail: string): Text => ({
  'pt-BR': saySyntax(detail, 'pt-BR'),
  en: saySyntax(detail, 'en'),
});

const of = (reason: Reason, ...values: readonly string[]): string => [reason, ...values].join(' ');

/** Most characters of the expression that a reason repeats. */
const SHOWN = 40;
const got = ({ range }: GrammarError, source: string): string =>
  range
    ? source
        .slice(range.start, Math.max(range.end, range.start + 1))
        .trim()
        .slice(0, SHOWN)
    : '';

const isAtEnd = ({ range }: GrammarError, source: string): boolean =>
  range !== undefined && source.slice(range.start).trim() === '';

/** What it stops after: a sign, or the word in front of it. */
function endOf(source: string): string {
  const last = /(?:[^\sA-Za-z0-9_]{1,2}|[A-Za-z0-9_]+)$/.exec(source.trimEnd())?.[0];
  return last ? of('ends_after', last.slice(0, SHOWN)) : of('ends');
}
