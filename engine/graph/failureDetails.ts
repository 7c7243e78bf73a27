import { sayDetail, type Detail } from '#nodes/sdk/details.js';
import { words, type Locale, type Text } from '#nodes/sdk/text.js';
import { sayExpression } from './explainExpressionError.js';
import type { ExpressionErrorCode } from './expressions/expressionError.js';

/**
 * Of records from before a failure kept the code of its sentence (`nodes/sdk/details`): no new sentence comes here.
 * The sentences that were written down when something failed, as they were recorded (English) and as they are read. What stands in braces is taken
 * over as it is; a `why` is a sentence of `reasons`. What is recorded stays what it was, for whoever looks into it: this only reads it, so rows of
 * any age are told in the language of their reader, and what a provider says in words of its own stays as it came.
 */
const sentences: readonly Text[] = [
  words('O campo {path}: {why}.', '{path}: {why}'),
  words('Passou de {limit} passos e foi parado.', 'The run took more than {limit} steps and was stopped.'),
  words(
    'A lista tem {count} itens, e aqui cabem no máximo {limit}.',
    'The list has {count} items; at most {limit} are allowed here.',
  ),
  words(
    'Trabalhou mais de {limit} segundos e foi parado.',
    'The run worked for more than {limit} seconds and was stopped.',
  ),
  words('Nesta versão não há início com o nome {name}.', 'This version has no trigger named {name}.'),
  words('O passo demorou mais de {limit} segundos.', 'The step took longer than {limit} seconds.'),
  words('Saiu por "{name}", que o passo não tem.', 'The step left by "{name}", which it does not have.'),
  words(
    'O modelo escolheu "{name}", que não é nenhuma das opções.',
    'The model chose "{name}", which is none of the choices.',
  ),
  words(
    'Um pedido {name} não leva corpo.',
    'A {name} request carries no body: leave it empty or choose another method.',
  ),
  words('O WhatsApp não aceitaria: {why}.', 'WhatsApp would refuse this message: {why}.'),
  words('O WhatsApp respondeu ({code}): {said}', 'WhatsApp did not take the message ({code}): {said}'),
  words(
    'O link da mídia não é um endereço público que começa com https://.',
    'The link of the media is no public address that begins with https://.',
  ),
  words('A mensagem está sem texto.', 'The message has no text.'),
  words('A mensagem leva botões ou lista, não os dois.', 'A message carries buttons or a list, not both.'),
  words(
    'A lista leva no máximo {limit} linhas; esta tem {count}.',
    'A list holds at most {limit} rows; this one has {count}.',
  ),
  words('Duas opções da mensagem têm o mesmo código.', 'Two choices of one message have the same code.'),
  words('Duas opções da mensagem estão escritas igual.', 'Two choices of one message read the same.'),
  words('O endereço não é permitido: {why}.', 'This address is not allowed: {why}.'),
  words(
    'O endereço não respondeu por inteiro em {limit} segundos.',
    'The address did not answer completely within {limit} seconds.',
  ),
  words(
    'O endereço não respondeu por inteiro em {limit} segundos. Não sabemos se o pedido foi feito, por isso não é repetido.',
    'The address did not answer completely within {limit} seconds. Nobody knows whether the request was carried out, so it is not repeated.',
  ),
  words('A resposta é grande demais: {why}.', 'The answer is too large: {why}.'),
  words('O endereço não pode ser alcançado.', 'The address cannot be reached.'),
  words('O certificado do endereço não é de confiança.', 'The address has no certificate that can be trusted.'),
  words('O nome do endereço não foi encontrado.', 'The name of the host could not be found.'),
  words(
    'A conexão é de {hosts}, e o pedido ia pra {name}. Nada foi enviado.',
    'The connection belongs to {hosts} and does not go to {name}. Nothing was sent.',
  ),
  words('O provedor de IA não aceitou o pedido: {said}', 'The AI provider did not accept the request: {said}'),
  words(
    'O provedor de IA não tem o modelo pedido: {said}',
    'The AI provider does not have the model that was asked for: {said}',
  ),
];

/** Why a field, a message or an address does not fit: zod's own words, and those of the channels and of the way out. */
const reasons: readonly Text[] = [
  words('deve ser verdadeiro ou falso', 'must be true or false'),
  words('falta preencher', 'Invalid input: expected {kind}, received undefined'),
  words('devia ser {kind}, e veio {other}', 'Invalid input: expected {kind}, received {other}'),
  words('devia ser {said}', 'Invalid input: expected {said}'),
  words('devia ser um destes: {said}', 'Invalid option: expected one of {said}'),
  words('não serve', 'Invalid input'),
  words('não serve', 'Invalid'),
  words('passa de {limit} caracteres', 'Too big: expected string to have <={limit} characters'),
  words('tem menos de {limit} caracteres', 'Too small: expected string to have >={limit} characters'),
  words('passa de {limit} itens', 'Too big: expected array to have <={limit} items'),
  words('tem menos de {limit} itens', 'Too small: expected array to have >={limit} items'),
  words('passa de {limit}', 'Too big: expected {kind} to be <={limit}'),
  words('deve ser menor que {limit}', 'Too big: expected {kind} to be <{limit}'),
  words('é menos de {limit}', 'Too small: expected {kind} to be >={limit}'),
  words('deve ser mais que {limit}', 'Too small: expected {kind} to be >{limit}'),
  words('tem o que não é daqui: {said}', 'Unrecognized key: {said}'),
  words('tem o que não é daqui: {said}', 'Unrecognized keys: {said}'),
  words('não está no formato certo', 'Invalid string: must match pattern {said}'),
  words('não é um endereço da web', 'Invalid URL'),
  words('não é um e-mail', 'Invalid email address'),
  words('{what} está vazio', '{what} is empty'),
  words('{what} tem {count} caracteres, no máximo {limit}', '{what} has {count} characters, at most {limit}'),
  words('{count} botões, no máximo {limit}', '{count} buttons, at most {limit}'),
  words('{count} linhas na lista, de 1 a {limit}', '{count} rows in the list, 1 to {limit}'),
  words('passa de {limit} caracteres', 'it is longer than {limit} characters'),
  words(
    'tem espaços, caracteres de controle ou barras invertidas',
    'it holds blanks, control characters or backslashes',
  ),
  words(
    'deve começar com http:// ou https:// e dizer o nome do outro sistema',
    'it must begin with http:// or https:// and name a host',
  ),
  words('não pode levar usuário nem senha; use uma conexão', 'it must hold no user name or password; use a connection'),
  words('o nome não pode ter sinal de porcento', 'its host must be written without percent signs'),
  words('não é um endereço da web', 'it is no web address'),
  words('a porta não é uma das usuais', 'its port is not one for web requests'),
  words('o método não é um dos usuais', 'its method is not one of the usual ones'),
  words('{name} não leva corpo', '{name} carries no body'),
  words('um cabeçalho não está escrito como o HTTP pede', 'a header is not written as HTTP allows'),
  words('comprimida mais de {limit} vezes', 'compressed more than {limit} times'),
  words('mais de {limit} kB', 'more than {limit} kB'),
  words('mais de {limit} cabeçalhos', 'more than {limit} headers'),
];

const things: Readonly<Record<string, string>> = {
  string: 'um texto',
  number: 'um número',
  int: 'um número inteiro',
  boolean: 'verdadeiro ou falso',
  array: 'uma lista',
  object: 'um conjunto de campos',
  record: 'um conjunto de campos',
  null: 'vazio',
  undefined: 'nada',
  text: 'o texto',
  'button title': 'o título de um botão',
  'button id': 'o código de um botão',
  link: 'o link',
  caption: 'a legenda',
  'file name': 'o nome do arquivo',
  'list button': 'o botão da lista',
  'section title': 'o título de uma seção',
  'row title': 'o título de uma linha',
  'row id': 'o código de uma linha',
  'row description': 'a descrição de uma linha',
};

interface Recorded {
  readonly message: string;
  readonly detail?: Detail | undefined;
}

/**
 * What the record of a failure says besides its code, in a reader's language: which field, which limit. Of an older record, which has a sentence
 * alone, what can be read out of it. `null` for words that nobody here wrote.
 */
export const failureDetail = ({ message, detail }: Recorded, locale: Locale): string | null =>
  (detail ? told(detail, locale) : null) ?? ofExpression(message, locale) ?? read(message, sentences, locale);

function told(detail: Detail, locale: Locale): string | null {
  const [, kind] = /^expression\.(\w+)$/.exec(detail.code) ?? [];
  if (kind === undefined) return sayDetail(detail, locale);
  const { name, source } = detail.values;
  const text = sayExpression(kind, String(name ?? ''), locale);
  return text && `${text} {{ ${String(source ?? '')} }}`;
}

function read(message: string, texts: readonly Text[], locale: Locale): string | null {
  for (const text of texts) {
    const params = paramsOf(text.en, message);
    if (!params) continue;
    if (params['why'] !== undefined) {
      const why = read(params['why'].replace(/\.$/, ''), reasons, locale);
      if (why === null) continue;
      params['why'] = why;
    }
    // In English the record has its own words already.
    for (const name of locale === 'en' ? [] : ['kind', 'other', 'what']) {
      const word = params[name];
      if (word !== undefined) params[name] = things[word] ?? word;
    }
    return text[locale].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  }
  return null;
}

/** What stands in the places of a sentence; `null` when a message is not that sentence. Each place takes as little as it can. */
function paramsOf(template: string, message: string): Record<string, string> | null {
  const pieces = template.split(/\{(\w+)\}/);
  const params: Record<string, string> = {};
  let at = 0;
  for (let index = 0; index < pieces.length; index += 2) {
    const [text = '', name] = [pieces[index], pieces[index - 1]];
    const isEnd = index === pieces.length - 1;
    const found = isEnd ? message.length - text.length : message.indexOf(text, at);
    if (found < at || !message.startsWith(text, found)) return null;
    if (name === undefined ? found !== 0 : found === at) return null;
    if (name !== undefined) params[name] = message.slice(at, found);
    at = found + text.length;
  }
  return at === message.length ? params : null;
}

/** As `ExpressionError` writes them. The expression itself is what its author wrote: it is said as it is. */
const expression = /^([A-Z][^:{]*?)(?:: (.*))? in \{\{ (.*) \}\}$/s;

const expressionKinds: Readonly<Record<string, ExpressionErrorCode>> = {
  'No closing braces': 'unclosed',
  'Not a valid expression': 'syntax',
  'The expression is too long': 'too_long',
  'The expression is too complex': 'too_complex',
  'The expression does too much work': 'too_much_work',
  'The expression makes a value that is too big': 'too_big',
  'Unknown name': 'unknown_name',
  'Unknown function': 'unknown_function',
  'Wrong arguments': 'wrong_arguments',
  'No such field': 'missing',
  'This name cannot be used': 'forbidden_name',
  'Not a number': 'bad_number',
  'Not a valid regular expression': 'bad_pattern',
  'Not supported': 'unsupported',
  'Wrong type': 'wrong_type',
};

function ofExpression(message: string, locale: Locale): string | null {
  const [, said = '', name = '', source = ''] = expression.exec(message) ?? [];
  const kind = Object.hasOwn(expressionKinds, said) ? expressionKinds[said] : undefined;
  const text = kind === undefined ? null : sayExpression(kind, name, locale);
  return text && `${text} {{ ${source} }}`;
}
