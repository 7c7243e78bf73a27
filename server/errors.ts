import type { Problem } from '#engine/graph/definition.js';
import type { Actor } from '#nodes/sdk/errors.js';
import type { Text } from '#nodes/sdk/text.js';

interface ErrorKind {
  readonly status: number;
  /** Who must act. */
  readonly actor: Actor;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly message: Text;
}

const kind = (status: number, actor: Actor, retryable: boolean, pt: string, en: string): ErrorKind => ({
  status,
  actor,
  retryable,
  message: { 'pt-BR': pt, en },
});

/** Every error that the API answers with. A code never changes its meaning; clients may rely on it. */
export const errorKinds = {
  bad_input: kind(
    400,
    'caller',
    false,
    'Tem algo errado no pedido: veja os detalhes.',
    'Something in the request is wrong: see the details.',
  ),
  bad_json: kind(400, 'caller', false, 'O corpo não é um JSON válido.', 'The body is not valid JSON.'),
  bad_cursor: kind(400, 'caller', false, 'Esse cursor não é desta lista.', 'That cursor is not from this list.'),
  unauthenticated: kind(401, 'caller', false, 'Entre de novo pra continuar.', 'Sign in to continue.'),
  bad_credentials: kind(401, 'caller', false, 'E-mail ou senha não conferem.', 'The e-mail or the password is wrong.'),
  session_ended: kind(
    401,
    'caller',
    false,
    'Sua sessão terminou. Entre de novo.',
    'Your session has ended. Sign in again.',
  ),
  bad_signature: kind(401, 'caller', false, 'A assinatura não confere.', 'The signature is wrong.'),
  forbidden: kind(403, 'caller', false, 'Seu papel não permite isso.', 'Your role does not allow this.'),
  person_required: kind(
    403,
    'caller',
    false,
    'Isso só quem entrou na conta pode fazer, não uma chave de API.',
    'Only a person who is signed in may do this, not an API key.',
  ),
  bad_token: kind(
    400,
    'caller',
    false,
    'Esse link não vale mais. Peça outro.',
    'That link is not good any more. Ask for another.',
  ),
  wrong_code: kind(403, 'caller', false, 'Esse código não confere.', 'That code is wrong.'),
  challenge_ended: kind(
    401,
    'caller',
    false,
    'O tempo acabou ou foram tentativas demais. Entre de novo com a senha.',
    'Time is up, or there were too many tries. Sign in with your password again.',
  ),
  bad_passkey: kind(403, 'caller', false, 'Essa chave de acesso não foi aceita.', 'That passkey was not accepted.'),
  passkeys_unavailable: kind(
    409,
    'platform',
    false,
    'Chaves de acesso precisam de um domínio com https. Neste computador, abra por http://localhost.',
    'Passkeys need a domain with https. On this computer, open http://localhost.',
  ),
  totp_exists: kind(
    409,
    'caller',
    false,
    'Já tem um aplicativo de códigos ligado. Desligue antes de ligar outro.',
    'An authenticator app is already on. Turn it off before you add another.',
  ),
  no_factor: kind(
    409,
    'caller',
    false,
    'Ligue primeiro um aplicativo de códigos ou uma chave de acesso.',
    'Add an authenticator app or a passkey first.',
  ),
  wrong_password: kind(403, 'caller', false, 'A senha não confere.', 'The password is wrong.'),
  last_owner: kind(
    409,
    'caller',
    false,
    'Toda organização precisa de alguém responsável. Passe a posse pra outra pessoa primeiro.',
    'Every organization needs an owner. Hand it over to somebody else first.',
  ),
  already_member: kind(409, 'caller', false, 'Essa pessoa já faz parte.', 'That person is already a member.'),
  other_account: kind(
    409,
    'caller',
    false,
    'Esse convite é pra outro e-mail. Entre com a conta dele.',
    'That invitation is for another e-mail. Sign in with that account.',
  ),
  bad_origin: kind(403, 'caller', false, 'Essa página não pode se conectar aqui.', 'That page may not connect here.'),
  not_found: kind(404, 'caller', false, 'Não tem nada aqui.', 'There is nothing here.'),
  method_not_allowed: kind(
    405,
    'caller',
    false,
    'Esse endereço não aceita esse método.',
    'This address does not take that method.',
  ),
  email_taken: kind(
    409,
    'caller',
    false,
    'Já existe uma conta com esse e-mail.',
    'There is already an account with this e-mail.',
  ),
  phone_number_taken: kind(409, 'caller', false, 'Esse número já está conectado.', 'That number is already connected.'),
  connection_exists: kind(
    409,
    'caller',
    false,
    'Já tem uma chave desse provedor. Troque a chave dela.',
    'There is a key of that provider already. Replace that one.',
  ),
  connection_in_use: kind(
    409,
    'caller',
    false,
    'Tem departamento trabalhando com essa conexão: veja quais. Sem ela, os passos que usam falham.',
    'Departments at work use this connection: see which. Without it, the steps that use it fail.',
  ),
  not_published: kind(409, 'caller', false, 'Publique o departamento primeiro.', 'Publish the department first.'),
  department_paused: kind(409, 'caller', false, 'O departamento está pausado.', 'The department is paused.'),
  no_manual_trigger: kind(
    409,
    'author',
    false,
    'Esse departamento não começa à mão nem por mensagem.',
    'Nothing in this department starts by hand or by message.',
  ),
  run_not_waiting: kind(
    409,
    'caller',
    false,
    'Essa execução não espera resposta.',
    'That run is not waiting for an answer.',
  ),
  effect_settled: kind(
    409,
    'caller',
    false,
    'Já se sabe o que aconteceu com essa ação.',
    'What became of that action is already known.',
  ),
  run_finished: kind(409, 'caller', false, 'Essa execução já terminou.', 'That run has already finished.'),
  run_not_failed: kind(
    409,
    'caller',
    false,
    'Só dá pra repetir o que falhou ou foi cancelado.',
    'Only a failed or canceled run can be tried again.',
  ),
  run_superseded: kind(
    409,
    'caller',
    false,
    'Outra execução respondeu no lugar dessa, com tudo que o cliente escreveu.',
    'Another run answered in place of this one, with all that the customer wrote.',
  ),
  run_undone: kind(
    409,
    'caller',
    false,
    'O que essa execução tinha feito foi desfeito. Repita do começo ou continue de um passo.',
    'What that run had done was undone. Replay it from the start, or fork it from a step.',
  ),
  run_pruned: kind(
    409,
    'caller',
    false,
    'Os dados dessa execução já foram apagados, pelo prazo da organização.',
    'What that run worked on is not kept any more, by the time limit of the organization.',
  ),
  run_under_way: kind(
    409,
    'caller',
    true,
    'Essa execução ainda está em andamento. Espere ela parar.',
    'That run is still under way. Wait until it rests.',
  ),
  conversation_waiting: kind(
    409,
    'caller',
    true,
    'Outra execução dessa conversa espera a resposta do cliente. Cancele ou responda aquela primeiro.',
    "Another run of that conversation waits for the customer's answer. Cancel or answer that one first.",
  ),
  conversation_with_person: kind(
    409,
    'caller',
    true,
    'Uma pessoa do time está com essa conversa. Devolva pro departamento primeiro, ou só ensaie.',
    'Somebody of the team has that conversation. Give it back to the department first, or only rehearse.',
  ),
  conversation_busy: kind(
    409,
    'caller',
    true,
    'Essa conversa já tem uma execução em andamento.',
    'That conversation already has a run under way.',
  ),
  idempotency_mismatch: kind(
    409,
    'caller',
    false,
    'Essa Idempotency-Key já foi usada com outro pedido.',
    'That Idempotency-Key was used with another request.',
  ),
  idempotency_in_progress: kind(
    409,
    'caller',
    true,
    'O primeiro pedido com essa Idempotency-Key ainda não terminou.',
    'The first request with that Idempotency-Key has not finished yet.',
  ),
  idempotency_lost: kind(
    409,
    'caller',
    false,
    'O primeiro pedido com essa Idempotency-Key foi feito, mas a resposta se perdeu. Veja o que ele criou.',
    'The first request with that Idempotency-Key was carried out, but its answer was lost. Look at what it made.',
  ),
  too_large: kind(413, 'caller', false, 'O pedido é grande demais.', 'The request is too large.'),
  unsupported_media_type: kind(
    415,
    'caller',
    false,
    'Mande JSON, com Content-Type: application/json.',
    'Send JSON, with Content-Type: application/json.',
  ),
  invalid_definition: kind(
    422,
    'author',
    false,
    'O departamento tem problemas: veja a lista.',
    'The department has problems: see the list.',
  ),
  proposal_refused: kind(
    422,
    'caller',
    false,
    'Não deu pra propor essa mudança: veja por quê.',
    'That change could not be proposed: see why.',
  ),
  model_not_allowed: kind(
    409,
    'author',
    false,
    'Nenhum modelo pode ser perguntado agora: veja por quê.',
    'No model may be asked now: see why.',
  ),
  model_unavailable: kind(
    503,
    'provider',
    true,
    'O modelo de IA não respondeu. Tente de novo daqui a pouco.',
    'The AI model did not answer. Try again in a little while.',
  ),
  rate_limited: kind(429, 'caller', true, 'Muitos pedidos. Espere um pouco.', 'Too many requests. Wait a little.'),
  bad_request: kind(400, 'caller', false, 'Não deu pra entender o pedido.', 'The request could not be understood.'),
  internal: kind(
    500,
    'platform',
    false,
    'Deu problema aqui do nosso lado. Já ficou registrado.',
    'Something broke on our side. It has been recorded.',
  ),
  unavailable: kind(
    503,
    'platform',
    true,
    'Estamos sem acesso aos dados agora. Tente em alguns segundos.',
    'We cannot reach our data right now. Try again in a few seconds.',
  ),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

export interface ApiErrorOptions {
  readonly details?: readonly ErrorDetail[];
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Thrown anywhere below a route; the error handler turns it into the one error shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly problems: readonly Problem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(errorKinds[code].message.en, { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.problems = options.problems;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What exists but belongs to somebody else is not found either. */
export const notFound = (): ApiError => new ApiError('not_found');

/** The value, or a 404 when there is none. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw notFound();
  return value;
}
