import type { Locale } from './text.js';

/**
 * What a failure says besides its code, in both languages: which field, which limit. Recorded is the code of the sentence with what stands in its
 * places, so that whoever reads it later reads it in their own language. A new failure gets its sentence here; codes are stable, for they are in
 * records. Words of somebody else (a provider's, an address) stand in a place as they came.
 */
const sentences = {
  // The engine's own.
  'config.field': { 'pt-BR': 'O campo {path}: {why}.', en: '{path}: {why}' },
  'run.too_many_steps': {
    'pt-BR': 'Passou de {limit} passos e foi parado.',
    en: 'The run took more than {limit} steps and was stopped.',
  },
  'run.too_many_items': {
    'pt-BR': 'A lista tem {count} itens, e aqui cabem no máximo {limit}.',
    en: 'The list has {count} items; at most {limit} are allowed here.',
  },
  'run.timeout': {
    'pt-BR': 'Trabalhou mais de {seconds} segundos e foi parado.',
    en: 'The run worked for more than {seconds} seconds and was stopped.',
  },
  'run.workers_lost': {
    'pt-BR': 'O servidor caiu {times} vezes, e nenhum passo terminou entre uma queda e outra.',
    en: 'The server went down {times} times, and no step ended in between.',
  },
  'run.no_trigger': {
    'pt-BR': 'Nesta versão não há início com o nome {name}.',
    en: 'This version has no trigger named {name}.',
  },
  'step.timeout': {
    'pt-BR': 'O passo demorou mais de {seconds} segundos.',
    en: 'The step took longer than {seconds} seconds.',
  },
  'step.too_big': {
    'pt-BR': 'Um passo devolve no máximo 32 milhões de letras, e todos de uma execução, 128 milhões.',
    en: 'A step gives at most 32 million characters, and all steps of a run 128 million.',
  },
  'step.unknown_port': {
    'pt-BR': 'Saiu por "{name}", que o passo não tem.',
    en: 'The step left by "{name}", which it does not have.',
  },
  'step.cannot_rehearse': {
    'pt-BR': 'O que este passo faz lá fora não dá pra ensaiar: nunca aconteceu, e não se sabe o que devolveria.',
    en: 'What this step does outside cannot be rehearsed: it has never happened, so its outcome is not known.',
  },
  'effect.uncertain': {
    'pt-BR': 'Não se sabe se isto foi feito lá fora; não é repetido, pra nunca sair duas vezes.',
    en: 'It is not known whether this was done outside; it is not repeated, so that it is never done twice.',
  },

  // Why a field does not fit.
  'field.not_boolean': { 'pt-BR': 'deve ser verdadeiro ou falso', en: 'must be true or false' },
  'field.missing': { 'pt-BR': 'falta preencher', en: 'it has no value' },
  'field.wrong_type': { 'pt-BR': 'devia ser {kind}, e veio {other}', en: 'it must be {kind}, and got {other}' },
  'field.not_a_choice': { 'pt-BR': 'devia ser um destes: {choices}', en: 'it must be one of {choices}' },
  'field.text_long': { 'pt-BR': 'passa de {limit} caracteres', en: 'it has more than {limit} characters' },
  'field.text_short': { 'pt-BR': 'tem menos de {limit} caracteres', en: 'it has fewer than {limit} characters' },
  'field.list_long': { 'pt-BR': 'passa de {limit} itens', en: 'it has more than {limit} items' },
  'field.list_short': { 'pt-BR': 'tem menos de {limit} itens', en: 'it has fewer than {limit} items' },
  'field.too_big': { 'pt-BR': 'passa de {limit}', en: 'it is more than {limit}' },
  'field.not_below': { 'pt-BR': 'deve ser menor que {limit}', en: 'it must be less than {limit}' },
  'field.too_small': { 'pt-BR': 'é menos de {limit}', en: 'it is less than {limit}' },
  'field.not_above': { 'pt-BR': 'deve ser mais que {limit}', en: 'it must be more than {limit}' },
  'field.not_multiple': { 'pt-BR': 'deve ser múltiplo de {limit}', en: 'it must be a multiple of {limit}' },
  'field.unknown': { 'pt-BR': 'tem o que não é daqui: {names}', en: 'it has what does not belong here: {names}' },
  'field.bad_format': { 'pt-BR': 'não está no formato certo', en: 'it is not written the right way' },
  'field.not_url': { 'pt-BR': 'não é um endereço da web', en: 'it is no web address' },
  'field.not_email': { 'pt-BR': 'não é um e-mail', en: 'it is no e-mail address' },
  'field.not_moment': {
    'pt-BR': 'não é um momento no tempo, com data, hora e fuso',
    en: 'it is no moment, with date, time and zone',
  },
  'field.invalid': { 'pt-BR': 'não serve', en: 'it does not fit' },
  'kind.text': { 'pt-BR': 'um texto', en: 'a text' },
  'kind.number': { 'pt-BR': 'um número', en: 'a number' },
  'kind.integer': { 'pt-BR': 'um número inteiro', en: 'a whole number' },
  'kind.boolean': { 'pt-BR': 'verdadeiro ou falso', en: 'true or false' },
  'kind.list': { 'pt-BR': 'uma lista', en: 'a list' },
  'kind.fields': { 'pt-BR': 'um conjunto de campos', en: 'a set of fields' },
  'kind.nothing': { 'pt-BR': 'nada', en: 'nothing' },
  'kind.other': { 'pt-BR': 'outra coisa', en: 'something else' },

  // Nodes.
  'handoff.no_conversation': {
    'pt-BR': 'Não há conversa pra passar: quem começou não foi um cliente.',
    en: 'There is no conversation to hand over: the run was not started by a customer.',
  },
  'ask.nobody': {
    'pt-BR': 'Não há a quem perguntar: quem começou não foi um cliente.',
    en: 'There is nobody to ask: the run was not started by a customer.',
  },
  'customer.no_text': {
    'pt-BR': 'Não há texto pra ler: o trabalho começou sem nenhum, e o passo não aponta outro.',
    en: 'There is no text to read: the run was started without one and the step names none.',
  },
  'contact.nobody': {
    'pt-BR': 'Neste trabalho não há cliente pra anotar nada.',
    en: 'This run has no customer whose record could be changed.',
  },
  'send.nothing': {
    'pt-BR': 'Não há o que mandar: o passo está sem texto, e o anterior não escreveu nenhum.',
    en: 'There is nothing to send: the step has no text and the step before wrote none.',
  },
  'send.no_conversation': {
    'pt-BR': 'Este trabalho não tem conversa onde escrever.',
    en: 'This run has no conversation to write into.',
  },
  'http.no_body': {
    'pt-BR': 'Um pedido {method} não leva corpo: deixe vazio ou escolha outro método.',
    en: 'A {method} request carries no body: leave it empty or choose another method.',
  },
  'delay.too_long': {
    'pt-BR': 'A espera é de no máximo um ano; pra mais tarde, escreva o momento.',
    en: 'A wait lasts at most a year; for later, give the moment itself.',
  },
  'trigger.no_message': {
    'pt-BR': 'Este time começa com a mensagem de um cliente: {said}',
    en: "This department starts with a customer's message: {said}",
  },
  'trigger.bad_field': {
    'pt-BR': 'Este time começa com a mensagem de um cliente. O campo {path}: {why}.',
    en: "This department starts with a customer's message. {path}: {why}.",
  },
  'message.media_link': {
    'pt-BR': 'O link da mídia não é um endereço público que começa com https://.',
    en: 'The link of the media is no public address that begins with https://.',
  },
  'message.no_text': { 'pt-BR': 'A mensagem está sem texto.', en: 'The message has no text.' },
  'message.buttons_and_list': {
    'pt-BR': 'A mensagem leva botões ou lista, não os dois.',
    en: 'A message carries buttons or a list, not both.',
  },
  'message.rows': {
    'pt-BR': 'A lista leva no máximo {limit} linhas; esta tem {count}.',
    en: 'A list holds at most {limit} rows; this one has {count}.',
  },
  'message.same_id': {
    'pt-BR': 'Duas opções da mensagem têm o mesmo código.',
    en: 'Two choices of one message have the same code.',
  },
  'message.same_title': {
    'pt-BR': 'Duas opções da mensagem estão escritas igual.',
    en: 'Two choices of one message read the same.',
  },

  // Models.
  'model.no_such_choice': {
    'pt-BR': 'O modelo escolheu "{name}", que não é nenhuma das opções.',
    en: 'The model chose "{name}", which is none of the choices.',
  },
  'model.bad_shape': {
    'pt-BR': 'O modelo respondeu fora do formato combinado: {said}',
    en: "The model's answer does not have the agreed shape: {said}",
  },
  'model.bad_field': {
    'pt-BR': 'O modelo respondeu fora do formato combinado. O campo {path}: {why}.',
    en: "The model's answer does not have the agreed shape. {path}: {why}.",
  },
  'model.not_json': {
    'pt-BR': 'O modelo respondeu com um texto que não é JSON, e o combinado era JSON.',
    en: "The model's answer is a text that is not JSON, and JSON was agreed.",
  },
  'model.cut': {
    'pt-BR': 'A resposta do modelo foi cortada: passou do tamanho máximo.',
    en: "The model's answer was cut off: it reached its greatest length.",
  },
  'model.nothing': { 'pt-BR': 'O modelo não respondeu nada.', en: 'The model answered nothing.' },
  'model.refused': { 'pt-BR': 'O modelo se recusou a responder.', en: 'The model refused to answer.' },
  'model.late': { 'pt-BR': 'O modelo demorou demais pra responder.', en: 'The model took too long to answer.' },
  'model.key': {
    'pt-BR': 'O provedor de IA recusou a chave. Confira a chave da OpenAI nas configurações.',
    en: 'The AI provider refused the key. Check the OpenAI key in the settings.',
  },
  'model.own_key': {
    'pt-BR': 'A OpenAI recusou a chave da sua empresa. Quem cuida da conta troca ela em Ajustes, Conexões.',
    en: "OpenAI refused your organization's key. Whoever looks after the account replaces it under Settings, Connections.",
  },
  'model.own_quota': {
    'pt-BR': 'Acabou o crédito da sua empresa na OpenAI. Quem cuida da conta põe crédito lá.',
    en: 'Your organization has no credit left at OpenAI. Whoever looks after the account adds some there.',
  },
  'model.no_key': {
    'pt-BR':
      'Sua empresa escolheu usar chave própria, e falta a da OpenAI. Quem cuida da conta põe a chave em Ajustes, Conexões, ou volta pras chaves da plataforma.',
    en: "Your organization chose to use keys of its own, and OpenAI's is missing. Whoever looks after the account adds it under Settings, Connections, or goes back to the platform's keys.",
  },
  'model.quota': {
    'pt-BR': 'Acabou o crédito no provedor de IA. Ponha crédito na conta da OpenAI.',
    en: 'The AI provider has no credit left. Add credit to the OpenAI account.',
  },
  'model.busy': {
    'pt-BR': 'O provedor de IA está sobrecarregado. Tente de novo daqui a pouco.',
    en: 'The AI provider is overloaded. Try again in a moment.',
  },
  'model.down': {
    'pt-BR': 'O provedor de IA não está respondendo. Tente de novo daqui a pouco.',
    en: 'The AI provider is not answering. Try again in a moment.',
  },
  'model.not_accepted': {
    'pt-BR': 'O provedor de IA não aceitou o pedido e respondeu: “{said}”',
    en: 'The AI provider did not accept the request and answered: “{said}”',
  },
  'model.not_offered': {
    'pt-BR': 'O provedor de IA não tem o modelo pedido e respondeu: “{said}”',
    en: 'The AI provider does not have the model that was asked for and answered: “{said}”',
  },
  'model.spent': {
    'pt-BR': 'O limite de gasto com IA de hoje acabou. Aumente o limite nas configurações ou espere até amanhã.',
    en: "Today's limit for AI spending is used up. Raise the limit in the settings or wait until tomorrow.",
  },
  'model.full': {
    'pt-BR': 'O provedor de IA já está com o máximo de pedidos que aceita. Vai daqui a pouco.',
    en: 'The AI provider has as many requests as it takes. It goes on in a moment.',
  },

  // WhatsApp.
  'whatsapp.would_refuse': {
    'pt-BR': 'O WhatsApp não aceitaria: {why}.',
    en: 'WhatsApp would refuse this message: {why}.',
  },
  'whatsapp.empty': { 'pt-BR': '{what} está vazio', en: '{what} is empty' },
  'whatsapp.long': {
    'pt-BR': '{what} tem {count} caracteres, no máximo {limit}',
    en: '{what} has {count} characters, at most {limit}',
  },
  'whatsapp.buttons': { 'pt-BR': '{count} botões, no máximo {limit}', en: '{count} buttons, at most {limit}' },
  'whatsapp.rows': { 'pt-BR': '{count} linhas na lista, de 1 a {limit}', en: '{count} rows in the list, 1 to {limit}' },
  'whatsapp.list_media': { 'pt-BR': 'uma lista não leva mídia', en: 'a list carries no media' },
  'whatsapp.buttons_audio': { 'pt-BR': 'botões não levam áudio', en: 'buttons carry no audio' },
  'whatsapp.audio_text': { 'pt-BR': 'áudio não leva texto', en: 'audio carries no text' },
  'part.text': { 'pt-BR': 'o texto', en: 'text' },
  'part.button_title': { 'pt-BR': 'o título de um botão', en: 'button title' },
  'part.button_id': { 'pt-BR': 'o código de um botão', en: 'button id' },
  'part.link': { 'pt-BR': 'o link', en: 'link' },
  'part.caption': { 'pt-BR': 'a legenda', en: 'caption' },
  'part.file_name': { 'pt-BR': 'o nome do arquivo', en: 'file name' },
  'part.list_button': { 'pt-BR': 'o botão da lista', en: 'list button' },
  'part.section_title': { 'pt-BR': 'o título de uma seção', en: 'section title' },
  'part.row_title': { 'pt-BR': 'o título de uma linha', en: 'row title' },
  'part.row_id': { 'pt-BR': 'o código de uma linha', en: 'row id' },
  'part.row_description': { 'pt-BR': 'a descrição de uma linha', en: 'row description' },
  'whatsapp.said_no': {
    'pt-BR': 'O WhatsApp não aceitou a mensagem. A Meta respondeu (código {code}): “{said}”',
    en: 'WhatsApp did not take the message. Meta answered (code {code}): “{said}”',
  },
  'whatsapp.unreachable': { 'pt-BR': 'O WhatsApp não pode ser alcançado.', en: 'WhatsApp cannot be reached.' },
  'whatsapp.unclear': {
    'pt-BR': '{what}: ninguém sabe ainda se a mensagem saiu.',
    en: '{what}: nobody knows yet whether the message went out.',
  },
  'whatsapp.failed_with': { 'pt-BR': 'O WhatsApp falhou com HTTP {status}', en: 'WhatsApp failed with HTTP {status}' },
  'whatsapp.unnamed': {
    'pt-BR': 'O WhatsApp aceitou o pedido sem dizer qual é a mensagem',
    en: 'WhatsApp accepted the request without naming the message',
  },
  'whatsapp.broke': {
    'pt-BR': 'A ligação com o WhatsApp caiu antes da resposta',
    en: 'The connection to WhatsApp broke before it answered',
  },
  'whatsapp.no_credentials': {
    'pt-BR': 'Este número de WhatsApp não tem mais credenciais: conecte de novo.',
    en: 'This WhatsApp number has no credentials any more: connect it again.',
  },
  'whatsapp.window': {
    'pt-BR': 'O cliente escreveu há mais de 24 horas: agora o WhatsApp só aceita modelos.',
    en: 'The customer last wrote more than 24 hours ago: WhatsApp takes only templates now.',
  },
  'replies.too_many': {
    'pt-BR':
      'Este cliente já recebeu todas as respostas que cabem num minuto. Pode ser um robô respondendo a outro: o departamento parou e uma pessoa assume.',
    en: 'This customer has had all the answers that a minute may have. It may be one machine answering another: the department has stopped and a person takes over.',
  },
  'whatsapp.throttled': {
    'pt-BR': 'O WhatsApp não aceita mais mensagens deste número ou pra este cliente agora; sai um pouco mais tarde.',
    en: 'WhatsApp takes no more messages from this number or to this customer just now; it is sent a little later.',
  },

  // Connections.
  'connection.unknown': {
    'pt-BR': 'Essa conexão não existe: escolha outra neste passo, ou crie em Ajustes.',
    en: 'There is no such connection: choose another one in this step, or make it in the settings.',
  },
  'connection.other_host': {
    'pt-BR': 'A conexão é de {hosts}, e o pedido ia pra {host}. Nada foi enviado.',
    en: 'The connection belongs to {hosts} and does not go to {host}. Nothing was sent.',
  },
  'connection.unreadable': {
    'pt-BR': 'A chave da conexão não pode mais ser lida: digite de novo em Ajustes.',
    en: "The connection's key can no longer be read: enter it anew in the settings.",
  },
  'connection.no_token': {
    'pt-BR': 'Não foi possível obter um código de acesso pra conexão: {why}',
    en: 'No token could be had for the connection: {why}',
  },
  'connection.token_refused': {
    'pt-BR': 'O endereço de acesso da conexão não deu um código: {why}.',
    en: 'The token address of the connection did not give a token: {why}.',
  },
  'token.answered': { 'pt-BR': 'respondeu {status}', en: 'it answered {status}' },
  'token.answered_why': { 'pt-BR': 'respondeu {status}: “{said}”', en: 'it answered {status}: “{said}”' },
  'token.without': { 'pt-BR': 'a resposta não traz access_token', en: 'its answer holds no access_token' },
  'token.type': {
    'pt-BR': 'ele dá códigos do tipo "{type}", que não é Bearer',
    en: 'it gives tokens of the type "{type}", which is not Bearer',
  },

  // The way out.
  'egress.refused': { 'pt-BR': 'O endereço não é permitido: {why}.', en: 'This address is not allowed: {why}.' },
  'address.long': { 'pt-BR': 'passa de {limit} caracteres', en: 'it is longer than {limit} characters' },
  'address.blanks': {
    'pt-BR': 'tem espaços, caracteres de controle ou barras invertidas',
    en: 'it holds blanks, control characters or backslashes',
  },
  'address.no_host': {
    'pt-BR': 'deve começar com http:// ou https:// e dizer o nome do outro sistema',
    en: 'it must begin with http:// or https:// and name a host',
  },
  'address.password': {
    'pt-BR': 'não pode levar usuário nem senha; use uma conexão',
    en: 'it must hold no user name or password; use a connection',
  },
  'address.percent': {
    'pt-BR': 'o nome não pode ter sinal de porcento',
    en: 'its host must be written without percent signs',
  },
  'address.none': { 'pt-BR': 'não é um endereço da web', en: 'it is no web address' },
  'address.port': { 'pt-BR': 'a porta não é uma das usuais', en: 'its port is not one for web requests' },
  'address.private': {
    'pt-BR': 'leva a uma rede privada ou reservada. Quem cuida da plataforma pode abrir (EGRESS_ALLOW)',
    en: 'it leads to a private or reserved network. Whoever runs the platform can open it (EGRESS_ALLOW)',
  },
  'request.method': { 'pt-BR': 'o método não é um dos usuais', en: 'its method is not one of the usual ones' },
  'request.no_body': { 'pt-BR': '{method} não leva corpo', en: '{method} carries no body' },
  'request.header': {
    'pt-BR': 'um cabeçalho não está escrito como o HTTP pede',
    en: 'a header is not written as HTTP allows',
  },
  'request.own_header': {
    'pt-BR': 'o cabeçalho "{name}" é da plataforma',
    en: 'the header "{name}" is the platform\'s own',
  },
  'request.unwritable': {
    'pt-BR': 'um cabeçalho ou o método não está escrito como o HTTP pede',
    en: 'a header or the method is not written as HTTP allows',
  },
  'egress.timeout': {
    'pt-BR': 'O endereço não respondeu por inteiro em {seconds} segundos.',
    en: 'The address did not answer completely within {seconds} seconds.',
  },
  'egress.unclear': {
    'pt-BR': '{what} Não sabemos se o pedido foi feito, por isso não é repetido.',
    en: '{what} Nobody knows whether the request was carried out, so it is not repeated.',
  },
  'egress.too_large': { 'pt-BR': 'A resposta é grande demais: {what}.', en: 'The answer is too large: {what}.' },
  'answer.packed': { 'pt-BR': 'comprimida mais de {limit} vezes', en: 'compressed more than {limit} times' },
  'answer.kilobytes': { 'pt-BR': 'mais de {limit} kB', en: 'more than {limit} kB' },
  'answer.headers': { 'pt-BR': 'mais de {limit} cabeçalhos', en: 'more than {limit} headers' },
  'answer.header_bytes': { 'pt-BR': 'mais de {limit} KiB de cabeçalhos', en: 'more than {limit} KiB of headers' },
  'egress.unreachable': { 'pt-BR': 'O endereço não pode ser alcançado.', en: 'The address cannot be reached.' },
  'egress.broke': {
    'pt-BR': 'A ligação caiu antes de a resposta chegar inteira.',
    en: 'The connection broke before the answer was complete.',
  },
  'egress.gateway': {
    'pt-BR': 'O outro sistema não respondeu: quem fica na frente dele disse {status}.',
    en: 'The other system did not answer: what stands before it said {status}.',
  },
  'egress.certificate': {
    'pt-BR': 'O certificado do endereço não é de confiança.',
    en: 'The address has no certificate that can be trusted.',
  },
  'egress.no_such_host': {
    'pt-BR': 'O nome do endereço não foi encontrado.',
    en: 'The name of the host could not be found.',
  },
  'egress.elsewhere': {
    'pt-BR': 'O endereço leva a outro lugar, e este pedido não é pra nenhum outro.',
    en: 'The address leads elsewhere, and this request is for no other.',
  },
  'egress.redirects': {
    'pt-BR': 'O endereço dá mais de {limit} voltas.',
    en: 'The address leads through more than {limit} redirects.',
  },
} as const satisfies Record<string, Readonly<Record<Locale, string>>>;

export type DetailCode = keyof typeof sentences;
export const detailCodes = Object.keys(sentences) as DetailCode[];

/** What stands in a place: a word as it came, or a number. */
type Word = string | number;
type SentenceOf<Value> = { readonly code: string; readonly values: Readonly<Record<string, Value>> };
/** A sentence that may stand in a place of another. */
export type InnerDetail = SentenceOf<Word | SentenceOf<Word>>;
/** What is recorded of a failure for its readers: a field, why it does not fit, what it should have been. The code may be one of another version. */
export type Detail = SentenceOf<Word | InnerDetail>;

type Places<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;
type PlacesOf<Code extends DetailCode> = Places<(typeof sentences)[Code]['en']>;

/** A sentence with what stands in its places: a place without a value is a type error. */
export const detail = <Code extends DetailCode, Value extends Word | InnerDetail = Word>(
  code: Code,
  ...values: [PlacesOf<Code>] extends [never] ? [] : [Readonly<Record<PlacesOf<Code>, Value>>]
): SentenceOf<Value> => ({ code, values: values[0] ?? {} });

/** How deep sentences stand in one another; what was recorded deeper is nothing that we wrote. */
const DEEPEST = 3;

/** The sentence in a reader's language; `null` for a code that this version does not know. */
export function sayDetail({ code, values }: Detail, locale: Locale, depth = 0): string | null {
  if (!Object.hasOwn(sentences, code) || depth > DEEPEST) return null;
  return sentences[code as DetailCode][locale].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'object' ? (sayDetail(value, locale, depth + 1) ?? '') : String(value ?? '');
  });
}
