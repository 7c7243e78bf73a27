import type { Text } from '#nodes/sdk/text.js';
import { anyType, boolType, listOf, numberType, optionalOf, partsOf, stringType, unionOf, type Type } from './types.js';

const textOrSized: Type = {
  kind: 'union',
  of: [stringType, listOf(anyType), { kind: 'map', fields: new Map(), rest: anyType }],
};
const numeric: Type = { kind: 'union', of: [numberType, stringType] };

/** A function as the type checker and the author see it. The receiver of a method is its first parameter. */
export interface Signature {
  readonly takes: readonly Type[];
  readonly gives: Type | ((given: readonly Type[]) => Type);
  /** How it is written. */
  readonly form: string;
  readonly summary: Text;
}

const signature = (
  form: string,
  takes: readonly Type[],
  gives: Signature['gives'],
  pt: string,
  en: string,
): Signature => ({
  form,
  takes,
  gives,
  summary: { 'pt-BR': pt, en },
});

const first = (given: readonly Type[]): Type => given[0] ?? anyType;
const insideOptional = (type: Type): Type =>
  unionOf(partsOf(type).map((part) => (part.kind === 'optional' ? part.of : part)));

/** Signatures of `functions` in functions.ts, by name. */
export const functionSignatures: ReadonlyMap<string, Signature> = new Map([
  [
    'size',
    signature(
      'size(x)',
      [textOrSized],
      numberType,
      'Quantas letras, itens ou campos.',
      'How many letters, items or fields.',
    ),
  ],
  ['string', signature('string(x)', [anyType], stringType, 'O valor como texto.', 'The value as text.')],
  ['double', signature('double(x)', [numeric], numberType, 'O texto como número.', 'The text as a number.')],
  [
    'int',
    signature(
      'int(x)',
      [numeric],
      numberType,
      'O número sem a parte depois da vírgula.',
      'The number without its decimals.',
    ),
  ],
  [
    'bool',
    signature(
      'bool(x)',
      [{ kind: 'union', of: [boolType, stringType] }],
      boolType,
      '"true" ou "false" como condição.',
      '"true" or "false" as a condition.',
    ),
  ],
  [
    'dyn',
    signature(
      'dyn(x)',
      [anyType],
      anyType,
      'O mesmo valor, sem conferir o tipo.',
      'The same value, its type not checked.',
    ),
  ],
  ['type', signature('type(x)', [anyType], stringType, 'O nome do tipo do valor.', "The name of the value's type.")],
  ['min', signature('min(a, b, …)', [numberType], numberType, 'O menor dos números.', 'The least of the numbers.')],
  ['max', signature('max(a, b, …)', [numberType], numberType, 'O maior dos números.', 'The greatest of the numbers.')],
  ['abs', signature('abs(n)', [numberType], numberType, 'O número sem o sinal.', 'The number without its sign.')],
  ['floor', signature('floor(n)', [numberType], numberType, 'Arredonda pra baixo.', 'Rounds down.')],
  ['ceil', signature('ceil(n)', [numberType], numberType, 'Arredonda pra cima.', 'Rounds up.')],
  [
    'round',
    signature(
      'round(n, casas)',
      [numberType, numberType],
      numberType,
      'Arredonda, com as casas que você quiser.',
      'Rounds to as many decimals as you want.',
    ),
  ],
  [
    'now',
    signature(
      'now()',
      [],
      stringType,
      'O momento de agora, em ISO 8601 (UTC).',
      'The present moment, in ISO 8601 (UTC).',
    ),
  ],
  [
    'hour',
    signature(
      'hour(momento, fuso)',
      [stringType, stringType],
      numberType,
      'A hora (0 a 23) naquele fuso: hour(now(), organization.timezone).',
      'The hour (0 to 23) in that zone: hour(now(), organization.timezone).',
    ),
  ],
  [
    'weekday',
    signature(
      'weekday(momento, fuso)',
      [stringType, stringType],
      numberType,
      'O dia da semana, de 1 (segunda) a 7 (domingo).',
      'The day of the week, 1 (Monday) to 7 (Sunday).',
    ),
  ],
]);

/** Signatures of `methods` in functions.ts, by name. */
export const methodSignatures: ReadonlyMap<string, Signature> = new Map([
  [
    'size',
    signature(
      'x.size()',
      [textOrSized],
      numberType,
      'Quantas letras, itens ou campos.',
      'How many letters, items or fields.',
    ),
  ],
  [
    'contains',
    signature(
      'texto.contains(parte)',
      [stringType, stringType],
      boolType,
      'Se o texto tem a parte dentro.',
      'Whether the text holds the part.',
    ),
  ],
  [
    'startsWith',
    signature(
      'texto.startsWith(parte)',
      [stringType, stringType],
      boolType,
      'Se o texto começa assim.',
      'Whether the text begins so.',
    ),
  ],
  [
    'endsWith',
    signature(
      'texto.endsWith(parte)',
      [stringType, stringType],
      boolType,
      'Se o texto termina assim.',
      'Whether the text ends so.',
    ),
  ],
  [
    'matches',
    signature(
      'texto.matches(padrão)',
      [stringType, stringType],
      boolType,
      'Se uma parte do texto casa com a expressão regular (RE2).',
      'Whether a part of the text matches the regular expression (RE2).',
    ),
  ],
  ['lower', signature('texto.lower()', [stringType], stringType, 'Em minúsculas.', 'In lower case.')],
  ['upper', signature('texto.upper()', [stringType], stringType, 'Em maiúsculas.', 'In upper case.')],
  [
    'lowerAscii',
    signature(
      'texto.lowerAscii()',
      [stringType],
      stringType,
      'Em minúsculas, só letras sem acento.',
      'In lower case, unaccented letters only.',
    ),
  ],
  [
    'upperAscii',
    signature(
      'texto.upperAscii()',
      [stringType],
      stringType,
      'Em maiúsculas, só letras sem acento.',
      'In upper case, unaccented letters only.',
    ),
  ],
  [
    'trim',
    signature(
      'texto.trim()',
      [stringType],
      stringType,
      'Sem os espaços das pontas.',
      'Without the spaces at its ends.',
    ),
  ],
  [
    'indexOf',
    signature(
      'texto.indexOf(parte)',
      [stringType, stringType],
      numberType,
      'Onde a parte começa; -1 se não tem.',
      'Where the part begins; -1 when it is not there.',
    ),
  ],
  [
    'substring',
    signature(
      'texto.substring(início, fim)',
      [stringType, numberType, numberType],
      stringType,
      'Um pedaço do texto.',
      'A piece of the text.',
    ),
  ],
  [
    'split',
    signature(
      'texto.split(separador)',
      [stringType, stringType],
      listOf(stringType),
      'O texto cortado em lista.',
      'The text cut into a list.',
    ),
  ],
  [
    'replace',
    signature(
      'texto.replace(de, para)',
      [stringType, stringType, stringType],
      stringType,
      'Troca todas as vezes que aparece.',
      'Replaces every occurrence.',
    ),
  ],
  [
    'join',
    signature(
      'lista.join(separador)',
      [listOf(anyType), stringType],
      stringType,
      'Os itens num texto só.',
      'The items as one text.',
    ),
  ],
  [
    'slice',
    signature(
      'lista.slice(início, fim)',
      [listOf(anyType), numberType, numberType],
      first,
      'Um pedaço da lista.',
      'A piece of the list.',
    ),
  ],
  ['distinct', signature('lista.distinct()', [listOf(anyType)], first, 'Sem repetidos.', 'Without repeats.')],
  [
    'hasValue',
    signature('a.?b.hasValue()', [optionalOf(anyType)], boolType, 'Se o valor existe.', 'Whether the value is there.'),
  ],
  [
    'value',
    signature(
      'a.?b.value()',
      [optionalOf(anyType)],
      (given) => insideOptional(first(given)),
      'O valor; dá erro se não existe.',
      'The value; an error when it is not there.',
    ),
  ],
  [
    'orValue',
    signature(
      'a.?b.orValue(outro)',
      [optionalOf(anyType), anyType],
      ([optional, other]) => unionOf([insideOptional(optional ?? anyType), other ?? anyType]),
      'O valor, ou outro se não existe.',
      'The value, or another when it is not there.',
    ),
  ],
  [
    'or',
    signature(
      'a.?b.or(c.?d)',
      [optionalOf(anyType), optionalOf(anyType)],
      ([a, b]) => optionalOf(unionOf([insideOptional(a ?? anyType), insideOptional(b ?? anyType)])),
      'O primeiro que existe dos dois.',
      'The first of the two that is there.',
    ),
  ],
]);
