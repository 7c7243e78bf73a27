import { z } from 'zod';
import type { HttpConfirm } from '#nodes/sdk/context.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

const pair = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(128)
    .meta(field(words('Nome', 'Name'), words('Como o outro sistema espera.', 'As the other system expects it.'))),
  value: z
    .string()
    .max(8_192)
    .meta(field(words('Valor', 'Value'), words('O que vai junto.', 'What goes along.'))),
});

/** Only what changes something there can be done twice. */
const acts = { field: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] };

const answer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  json: anyJson,
  text: z.string(),
});

/** Asks or tells another system over HTTP. Whatever is not a mere question is done at most once. */
export const httpRequestNode = defineNode({
  type: 'data.httpRequest',
  version: 1,
  kind: 'effect',
  group: 'data',
  title: words('Chama outro sistema', 'HTTP request'),
  summary: words(
    'Busca ou manda dados pra outro sistema pela internet.',
    'Fetches data from another system, or sends it some.',
  ),
  icon: 'globe',
  needs: ['http'],
  effects: [{ name: 'request', summary: words('Manda dados pra outro sistema.', 'Sends data to another system.') }],
  config: z.strictObject({
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
      .default('GET')
      .meta(
        field(
          words('Método', 'Method'),
          words('GET só busca; os outros mudam algo lá.', 'GET only asks; the others change something there.'),
          {
            control: 'select',
            options: {
              GET: words('Buscar (GET)', 'Get (GET)'),
              POST: words('Criar (POST)', 'Create (POST)'),
              PUT: words('Substituir (PUT)', 'Replace (PUT)'),
              PATCH: words('Alterar (PATCH)', 'Change (PATCH)'),
              DELETE: words('Apagar (DELETE)', 'Delete (DELETE)'),
              HEAD: words('Só conferir (HEAD)', 'Only check (HEAD)'),
            },
          },
        ),
      ),
    url: z
      .string()
      .max(8_192)
      .meta(
        field(
          words('Endereço', 'Address'),
          words('Começa com https://. Só endereços públicos.', 'Begins with https://. Public addresses only.'),
          { placeholder: words('https://api.exemplo.com.br/pedidos', 'https://api.example.com/orders') },
        ),
      ),
    query: z
      .array(pair)
      .max(50)
      .default([])
      .meta(
        field(words('Parâmetros', 'Query'), words('Vão no fim do endereço.', 'Go at the end of the address.'), {
          control: 'list',
        }),
      ),
    headers: z
      .array(pair)
      .max(50)
      .default([])
      .meta(
        field(
          words('Cabeçalhos', 'Headers'),
          words('Chaves e senhas ficam melhor numa conexão.', 'Keys and passwords are better off in a connection.'),
          { control: 'list' },
        ),
      ),
    body: anyJson
      .optional()
      .meta(
        field(
          words('Corpo', 'Body'),
          words('Texto vai como está; o resto vai como JSON.', 'Text goes as it is; anything else goes as JSON.'),
          { control: 'expression', showWhen: acts },
        ),
      ),
    connection: z
      .string()
      .max(64)
      .optional()
      .meta(
        field(
          words('Conexão', 'Connection'),
          words(
            'Dá a chave de acesso, que só vai pros endereços da conexão.',
            'Gives the access key, which only goes to the hosts of the connection.',
          ),
          { control: 'connection', addressField: 'url', literal: true },
        ),
      ),
    repeatable: z
      .boolean()
      .default(false)
      .meta(
        field(
          words('Pode repetir', 'Safe to repeat'),
          words(
            'O outro sistema reconhece a Idempotency-Key e faz uma vez só, mesmo se receber de novo. Sem isso, na dúvida a gente pergunta pra você.',
            'The other system knows the Idempotency-Key and does it once, even if it is asked again. Without it, we ask you when in doubt.',
          ),
          { showWhen: acts },
        ),
      ),
    confirmUrl: z
      .string()
      .max(8_192)
      .optional()
      .meta(
        field(
          words('Onde conferir', 'Where to check'),
          words(
            'Se a resposta se perder, a gente busca este endereço em vez de te perguntar: se ele responde, aconteceu; se dá 404, não.',
            'If the answer gets lost we fetch this address instead of asking you: if it answers, it happened; if it gives 404, it did not.',
          ),
          {
            showWhen: acts,
            placeholder: words(
              'https://api.exemplo.com.br/pedidos/{{ trigger.number }}',
              'https://api.example.com/orders/{{ trigger.number }}',
            ),
          },
        ),
      ),
    confirmField: z
      .string()
      .max(200)
      .optional()
      .meta(
        field(
          words('Campo que responde', 'Field that tells'),
          words(
            'No JSON que voltar, como status_code. Vazio: basta o endereço existir.',
            'In the JSON that comes back, such as status_code. Empty: it is enough that the address exists.',
          ),
          { showWhen: acts, literal: true },
        ),
      ),
    confirmValue: z
      .string()
      .max(200)
      .optional()
      .meta(
        field(
          words('Valor que diz que sim', 'Value that means yes'),
          words(
            'Como PUBLISHED. Outro valor diz que não aconteceu, e a gente manda de novo.',
            'Such as PUBLISHED. Any other value means that it did not happen, and we send it again.',
          ),
          { showWhen: acts, literal: true },
        ),
      ),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(30)
      .default(30)
      .meta(
        field(words('Tempo máximo', 'Time limit'), words('Em segundos, até 30.', 'In seconds, up to 30.'), {
          control: 'number',
        }),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'ok', title: words('Deu certo', 'OK'), schema: answer },
    { name: 'failed', title: words('Recusou', 'Refused'), schema: answer },
  ],
  run: async ({ config, ctx }) => {
    const { method, body } = config;
    if (body !== undefined && (method === 'GET' || method === 'HEAD'))
      throw new NodeError(detail('http.no_body', { method }), {
        code: 'http_no_body',
        actor: 'author',
        retryable: false,
      });
    const headers = Object.fromEntries(config.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    const isText = typeof body === 'string';
    if (body !== undefined && !('content-type' in headers))
      headers['content-type'] = isText ? 'text/plain; charset=utf-8' : 'application/json';
    const received = await ctx.http.request('request', {
      method,
      url: withQuery(config.url, config.query),
      headers,
      body: body === undefined ? null : isText ? body : JSON.stringify(body),
      connection: config.connection === undefined || config.connection === '' ? null : config.connection,
      repeatable: config.repeatable,
      ...(config.confirmUrl && { confirm: confirmOf(config.confirmUrl, config.confirmField, config.confirmValue) }),
      timeoutMs: config.timeoutSeconds * 1_000,
    });
    const value = { ...received, headers: { ...received.headers } };
    return { port: received.status >= 200 && received.status < 300 ? 'ok' : 'failed', value };
  },
});

const confirmOf = (url: string, field = '', value = ''): HttpConfirm => ({
  url,
  ...(field !== '' && { field }),
  ...(value !== '' && { value }),
});

/** The address stays as written but for what is added: whether it may be asked is decided elsewhere, on exactly this text. */
function withQuery(url: string, query: readonly { readonly name: string; readonly value: string }[]): string {
  if (query.length === 0) return url;
  const [address = ''] = url.split('#', 1);
  const added = query.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${address}${address.includes('?') ? '&' : '?'}${added}`;
}
