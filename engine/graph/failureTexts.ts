import { words, type Locale, type Text } from '#nodes/sdk/text.js';

/**
 * What each way of failing means, in the reader's language: what happened, then what to do. Steps and runs keep the code of their error, so rows of
 * any age are told in the language of whoever reads them; who must act and whether a retry helps stand in the row. Codes are stable.
 */
export const failureTexts = {
  // The engine's own.
  bad_config: words(
    'Um campo deste passo ficou com um valor que não serve. Confira como o passo tá preenchido.',
    'A field of this step got a value that does not fit. Check how the step is filled in.',
  ),
  bad_expression: words(
    'Uma expressão deste passo não deu certo com os dados que chegaram. Confira a expressão e o que vale quando falta um dado.',
    'An expression of this step did not work with the data that came. Check the expression, and what counts when a value is missing.',
  ),
  too_many_steps: words(
    'O trabalho passou do máximo de passos e foi parado. Confira se alguma repetição não termina.',
    'The run took more steps than it may and was stopped. Check whether a loop never ends.',
  ),
  too_many_items: words(
    'A lista tem mais itens do que cabe neste passo. Diminua a lista ou divida em partes.',
    'The list has more items than this step takes. Shorten it or split it.',
  ),
  value_too_big: words(
    'O passo juntou dados demais. Peça menos de cada vez, ou guarde só o que vai usar.',
    'The step put together too much data. Ask for less at a time, or keep only what is used.',
  ),
  run_timeout: words(
    'O trabalho passou do tempo máximo e foi parado. Divida em partes ou tire o passo que demora.',
    'The run worked for longer than it may and was stopped. Split it, or take out the step that is slow.',
  ),
  no_trigger: words(
    'Esta versão não tem mais o início que foi pedido. Publique de novo e comece outra vez.',
    'This version does not have the trigger that was asked for. Publish again and start anew.',
  ),
  step_timeout: words(
    'O passo demorou mais do que o limite dele. Aumente o limite do passo ou tente mais tarde.',
    'The step took longer than its limit. Raise the limit of the step or try later.',
  ),
  canceled: words('Alguém parou este trabalho.', 'Somebody stopped this run.'),
  superseded: words(
    'O cliente escreveu mais antes de qualquer resposta sair: outro trabalho responde tudo junto.',
    'The customer wrote more before any answer left: another run answers all of it.',
  ),
  unknown_port: words(
    'O passo saiu por um caminho que não existe. É defeito nosso.',
    'The step left by a way out that it does not have. The fault is ours.',
  ),
  undoing_refused: words(
    'O pedido pra desfazer foi recusado. Veja o que responderam e desfaça por lá, à mão.',
    'What was asked to be undone was refused. See the answer, and undo it there by hand.',
  ),
  not_json: words(
    'O passo devolveu um valor que não dá pra guardar. É defeito nosso.',
    'The step gave a value that cannot be stored. The fault is ours.',
  ),
  cannot_compile: words(
    'Esta versão do departamento não roda mais. Abra o departamento, confira os problemas e publique de novo.',
    'This version of the department can no longer be run. Open it, look at its problems and publish it again.',
  ),
  node_failed: words('Deu um problema do nosso lado.', 'Something went wrong on our side.'),
  refused_data: words(
    'O que este trabalho produziu não pôde ser guardado. É defeito nosso.',
    'What this run made could not be stored. The fault is ours.',
  ),
  waits_for_nothing: words(
    'O trabalho parou no meio sem ter o que esperar. É defeito nosso: tente de novo a partir deste passo.',
    'The run stopped half way with nothing to wait for. The fault is ours: try again from this step.',
  ),
  workers_lost: words(
    'O servidor que fazia este trabalho caiu muitas vezes no mesmo ponto, e o trabalho foi parado pra não derrubar os outros. Avise quem cuida da plataforma; depois dá pra tentar de novo.',
    'The server that worked on this run went down at the same point many times, and the run was stopped so that it takes no others down with it. Tell whoever looks after the platform; then it can be tried again.',
  ),
  effect_uncertain: words(
    'Não sabemos se isto chegou a ser feito lá fora. Não repetimos pra não fazer duas vezes: confira do outro lado e diga aqui.',
    'We do not know whether this was done outside. It is not repeated, so that it is never done twice: check on the other side and say so here.',
  ),
  cannot_rehearse: words(
    'No ensaio nada sai de verdade, e o que este passo faz lá fora nunca aconteceu: não há resultado pra usar. Fixe um resultado no passo.',
    'In a rehearsal nothing is done for real, and what this step does outside has never happened: there is no result to use. Pin one to the step.',
  ),

  // What a step was given.
  nothing_to_read: words(
    'Não tem texto pra ler: o trabalho começou sem mensagem e o passo não diz outro texto. Preencha "Mensagem" no passo.',
    'There is no text to read: the run was started without a message and the step names none. Fill in "Message" in the step.',
  ),
  nothing_to_send: words(
    'Não tem o que mandar: o passo está sem texto e o anterior não escreveu nada. Preencha o texto.',
    'There is nothing to send: the step has no text and the one before wrote none. Fill in the text.',
  ),
  bad_message: words(
    'A mensagem não pode ser mandada como está. Confira texto, botões, lista e mídia do passo.',
    'The message cannot be sent as it is. Check the text, buttons, list and media of the step.',
  ),
  message_too_large: words(
    'A mensagem passa do que o WhatsApp aceita. Encurte o texto, os botões ou a lista.',
    'The message is larger than WhatsApp takes. Shorten the text, the buttons or the list.',
  ),
  http_no_body: words(
    'Este método não leva corpo. Deixe o corpo vazio ou troque o método.',
    'This method carries no body. Leave it empty or choose another method.',
  ),
  wait_too_long: words(
    'A espera é de no máximo um ano. Pra mais que isso, diga a data.',
    'A wait lasts at most a year. For later, give the moment itself.',
  ),
  not_a_message: words(
    'Este departamento começa com a mensagem de um cliente, e o que chegou não é uma.',
    "This department starts with a customer's message, and what came is none.",
  ),
  no_conversation: words(
    'Este trabalho não começou com um cliente: não tem conversa pra usar aqui.',
    'This run was not started by a customer: there is no conversation to use here.',
  ),
  no_channel: words(
    'Este trabalho não começou com um cliente: não tem pra quem mandar mensagem.',
    'This run was not started by a customer: there is nobody to write to.',
  ),
  no_contact: words(
    'Este trabalho não começou com um cliente: não tem contato pra ler ou mudar.',
    'This run was not started by a customer: there is no contact to read or change.',
  ),

  // Channels.
  channel_unreachable: words(
    'Não deu pra falar com o WhatsApp. Nada saiu.',
    'WhatsApp could not be reached. Nothing was sent.',
  ),
  channel_unclear: words(
    'A ligação com o WhatsApp caiu antes da resposta: não sabemos se a mensagem saiu. Olhe a conversa antes de repetir.',
    'The connection to WhatsApp broke before it answered: we do not know whether the message went out. Look at the conversation before repeating it.',
  ),
  channel_failed: words(
    'O WhatsApp teve um problema e não aceitou a mensagem.',
    'WhatsApp had a problem and did not take the message.',
  ),
  channel_throttled: words(
    'O WhatsApp não aceita mais mensagens deste número agora. Ela vai daqui a pouco.',
    'WhatsApp takes no more messages from this number just now. It goes a little later.',
  ),
  recipient_throttled: words(
    'O WhatsApp não aceita mais mensagens pra este cliente agora. Ela vai daqui a pouco.',
    'WhatsApp takes no more messages to this customer just now. It goes a little later.',
  ),
  channel_forbidden: words(
    'O número do WhatsApp não tem permissão pra isto. Confira as permissões da conta na Meta.',
    'The WhatsApp number is not allowed to do this. Check the permissions of the account at Meta.',
  ),
  channel_token_invalid: words(
    'O WhatsApp recusou a chave do número. Conecte o número de novo em Ajustes.',
    'WhatsApp refused the key of the number. Connect the number again in the settings.',
  ),
  channel_disconnected: words(
    'Este número do WhatsApp não tá mais conectado. Conecte de novo em Ajustes.',
    'This WhatsApp number is no longer connected. Connect it again in the settings.',
  ),
  channel_refused: words('O WhatsApp não aceitou a mensagem.', 'WhatsApp did not take the message.'),
  recipient_unreachable: words(
    'A mensagem não chega a este número: pode não ter WhatsApp ou estar desatualizado.',
    'The message does not reach this number: it may have no WhatsApp, or an outdated one.',
  ),
  recipient_limit: words(
    'O WhatsApp limita quantas mensagens este cliente recebe, e segurou esta.',
    'WhatsApp limits how many messages this customer gets, and held this one back.',
  ),
  window_closed: words(
    'A mensagem não saiu: passaram 24 horas desde a última do cliente, e o WhatsApp só aceita modelos aprovados.',
    'The message was not sent: the customer last wrote more than 24 hours ago, and WhatsApp takes only approved templates.',
  ),
  too_many_replies: words(
    'Este cliente já recebeu todas as respostas que cabem num minuto. Pode ser um robô respondendo a outro: o departamento parou e uma pessoa assume.',
    'This customer has had all the answers that a minute may have. It may be one machine answering another: the department has stopped and a person takes over.',
  ),

  // Connections, and other systems.
  connection_unknown: words(
    'A conexão deste passo não existe mais. Escolha outra no passo ou crie uma em Ajustes.',
    'The connection of this step does not exist any more. Choose another in the step, or make one in the settings.',
  ),
  connection_other_host: words(
    'A conexão não vale pra este endereço, e nada foi enviado. Troque a conexão ou o endereço.',
    'The connection does not go to this address, and nothing was sent. Change the connection or the address.',
  ),
  connection_unreadable: words(
    'A chave da conexão não pode mais ser lida. Ponha a chave de novo em Ajustes.',
    'The key of the connection can no longer be read. Enter it anew in the settings.',
  ),
  connection_refused: words(
    'O outro sistema não aceitou a conexão. Confira os dados dela em Ajustes.',
    'The other system did not accept the connection. Check its details in the settings.',
  ),
  egress_refused: words(
    'Este endereço não pode ser acessado daqui. Use um endereço público.',
    'This address may not be reached from here. Use a public one.',
  ),
  egress_timeout: words('O outro sistema não respondeu a tempo.', 'The other system did not answer in time.'),
  egress_too_large: words(
    'A resposta do outro sistema é grande demais. Peça menos de cada vez.',
    "The other system's answer is too large. Ask for less at a time.",
  ),
  egress_failed: words('Não deu pra falar com o outro sistema.', 'The other system could not be reached.'),

  // Models.
  model_unavailable: words('O provedor de IA não atendeu.', 'The AI provider did not serve the request.'),
  model_not_offered: words(
    'O provedor de IA não tem o modelo que foi pedido. Escolha outro no passo.',
    'The AI provider does not have the model that was asked for. Choose another in the step.',
  ),
  model_throttled: words(
    'O provedor de IA já está com o máximo de pedidos que aceita. Vai daqui a pouco.',
    'The AI provider has as many requests as it takes. It goes on in a moment.',
  ),
  model_timeout: words('O modelo demorou demais pra responder.', 'The model took too long to answer.'),
  model_key_missing: words(
    'A empresa escolheu usar chave própria de IA, e ela falta. Quem cuida da conta põe a chave em Ajustes, Conexões.',
    'The organization chose to use an AI key of its own, and it is missing. Whoever looks after the account adds it under Settings, Connections.',
  ),
  model_refused: words('O modelo se recusou a responder a esta mensagem.', 'The model refused to answer this message.'),
  model_bad_output: words(
    'O modelo respondeu fora do formato combinado.',
    "The model's answer does not have the agreed shape.",
  ),
  budget_spent: words(
    'O limite de gasto com IA de hoje acabou. Aumente o limite em Ajustes ou espere até amanhã.',
    "Today's limit for AI spending is used up. Raise it in the settings or wait until tomorrow.",
  ),
} as const satisfies Record<string, Text>;

export type FailureCode = keyof typeof failureTexts;

/** What a code means in a language; `null` for a code that nobody knows. */
export const failureText = (code: string, locale: Locale): string | null =>
  Object.hasOwn(failureTexts, code) ? failureTexts[code as FailureCode][locale] : null;
