import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { chunksOf, completionOf, errorBody } from './bodies.js';
import { defaultReply, textOf, tokensOf, type Reply } from './replies.js';
import { openaiSchema, type Shape } from './schema.js';

type Dict = Record<string, unknown>;

/**
 * What happens to the next request instead of the usual. `hang` never answers; `stall` streams some pieces and then nothing; `cut` closes the connection in the
 * middle of a token; `unfinished` ends the stream politely without its end; `broken` sends an event that is not JSON; `event` sends an error inside the stream.
 * To who asked for a whole answer all of them do the same to its body.
 */
export type OpenAIFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly type?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind:
        | 'hang'
        | 'drop'
        | 'stall'
        | 'cut'
        | 'unfinished'
        | 'broken'
        | 'event'
        | 'empty'
        | 'badJson'
        | 'rude'
        | 'filtered';
    }
  | { readonly kind: 'refusal'; readonly text?: string };

export interface OpenAIRequest {
  readonly at: number;
  readonly path: string;
  readonly body: Dict;
  /** The key that it came with. */
  readonly key: string;
  /** What OpenAI's specification holds against it. A test that sees any has failed. */
  readonly violations: readonly string[];
}

export interface OpenAIEmulator {
  readonly url: string;
  /** For `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
  /** Every request ever received, in order. Append-only. */
  readonly log: readonly OpenAIRequest[];
  /** Milliseconds before each answer, and between two pieces of a stream. */
  latencyMs: number;
  pieceMs: number;
  /** When set, any other key is refused. */
  apiKey: string | null;
  /** The next requests meet these, one each. */
  readonly faults: OpenAIFault[];
  /** From now on requests that match are answered so; the last rule that matches wins. */
  reply(matches: (body: Dict) => boolean, reply: Reply | ((body: Dict) => Reply)): void;
  close(): Promise<void>;
}

/** An emulator of OpenAI's Chat Completions (streamed and whole) and Embeddings. Answers a violation of the specification as OpenAI does, and keeps it in the log. */
export async function startOpenAI(): Promise<OpenAIEmulator> {
  const schema = openaiSchema();
  const log: OpenAIRequest[] = [];
  const rules: { readonly matches: (body: Dict) => boolean; readonly reply: Reply | ((body: Dict) => Reply) }[] = [];
  const api = { log, faults: [] as OpenAIFault[], latencyMs: 0, pieceMs: 0, apiKey: null as string | null };

  const own = <T>(shape: Shape, body: T): T => {
    const wrong = schema?.problems(shape, body) ?? [];
    if (wrong.length) throw new Error(`the emulator's own answer breaks OpenAI's specification: ${wrong.join('; ')}`);
    return body;
  };
  const fail = (
    response: ServerResponse,
    status: number,
    error: Partial<{ code: string; type: string; message: string }>,
    headers: Readonly<Record<string, string>> = {},
  ): void => json(response, status, own('error', errorBody(error)), headers);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const path = request.url ?? '';
    const shape =
      path === '/v1/chat/completions' ? 'chatRequest' : path === '/v1/embeddings' ? 'embeddingRequest' : null;
    if (request.method !== 'POST' || !shape)
      return fail(response, 404, { message: `Invalid URL (${request.method ?? ''} ${path})` });
    const body = JSON.parse(Buffer.concat(parts).toString()) as Dict;
    const violations = schema?.problems(shape, body) ?? [];
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    log.push({ at, path, body, key, violations });
    if (api.latencyMs > 0) await after(api.latencyMs);
    if (!key || (api.apiKey && key !== api.apiKey))
      return fail(response, 401, { code: 'invalid_api_key', message: 'Incorrect API key provided.' });
    if (violations.length) return fail(response, 400, { message: violations.join('; ') });
    const fault = api.faults.shift();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop') return void request.socket.destroy();
    if (fault?.kind === 'status') return fail(response, fault.status, fault, fault.headers);
    if (shape === 'embeddingRequest') return embeddings(response, body);
    const rule = rules.findLast(({ matches }) => matches(body));
    const said = rule ? (typeof rule.reply === 'function' ? rule.reply(body) : rule.reply) : defaultReply(body);
    await chat(response, body, faulty(said, fault), fault);
  }

  async function chat(
    response: ServerResponse,
    body: Dict,
    reply: Reply,
    fault: OpenAIFault | undefined,
  ): Promise<void> {
    const usage = usageOf(body, reply);
    const finish = fault?.kind === 'filtered' ? 'content_filter' : undefined;
    if (body['stream'] !== true) {
      const completion = own('chatResponse', completionOf(String(body['model']), reply, usage, finish));
      return whole(response, completion, fault?.kind);
    }
    const options = body['stream_options'] as { include_usage?: boolean } | undefined;
    const chunks = chunksOf(String(body['model']), reply, options?.include_usage ? usage : null, finish).map((chunk) =>
      own('chatChunk', chunk),
    );
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const half = Math.max(2, Math.floor(chunks.length / 2));
    for (const [index, chunk] of chunks.entries()) {
      if (response.destroyed) return;
      if (index === half) {
        if (fault?.kind === 'stall') return;
        if (fault?.kind === 'cut')
          return void response.write(`data: ${JSON.stringify(chunk).slice(0, 40)}`, () => response.destroy());
        if (fault?.kind === 'unfinished') return void response.end();
        if (fault?.kind === 'broken') return void response.end('data: {"id": nonsense\n\n');
        if (fault?.kind === 'event')
          return void response.end(
            `data: ${JSON.stringify(errorBody({ type: 'server_error', message: 'The server had an error while processing your request.' }))}\n\n`,
          );
      }
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      if (api.pieceMs > 0) await after(api.pieceMs);
    }
    response.end('data: [DONE]\n\n');
  }

  function whole(response: ServerResponse, completion: unknown, fault: OpenAIFault['kind'] | undefined): void {
    const half = JSON.stringify(completion).slice(0, 40);
    const part = { 'content-type': 'application/json' };
    if (fault === 'stall') return void response.writeHead(200, part).write(half);
    if (fault === 'cut') return void response.writeHead(200, part).write(half, () => response.destroy());
    if (fault === 'unfinished') return void response.writeHead(200, part).end(half);
    if (fault === 'broken') return void response.writeHead(200, part).end('{"id": nonsense');
    const error = { type: 'server_error', message: 'The server had an error while processing your request.' };
    json(response, 200, fault === 'event' ? errorBody(error) : completion);
  }

  function embeddings(response: ServerResponse, body: Dict): void {
    const input = [body['input']].flat() as string[];
    const size = Number(body['dimensions'] ?? 1536);
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text, size) }));
    const tokens = input.reduce((total, text) => total + tokensOf(text), 0);
    json(
      response,
      200,
      own('embeddingResponse', {
        object: 'list',
        model: body['model'],
        data,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      }),
    );
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      response.headersSent ? response.destroy() : fail(response, 500, { message: String(error) }),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(api, {
    url,
    baseUrl: `${url}/v1`,
    reply: (matches: (body: Dict) => boolean, reply: Reply | ((body: Dict) => Reply)) =>
      void rules.push({ matches, reply }),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

function faulty(reply: Reply, fault: OpenAIFault | undefined): Reply {
  if (fault?.kind === 'empty') return { text: '' };
  if (fault?.kind === 'badJson') return { text: '{"text": "meia respos' };
  if (fault?.kind === 'rude') return { text: 'Vá embora, que cliente chato.' };
  if (fault?.kind === 'refusal') return { refusal: fault.text ?? "I'm sorry, I can't help with that." };
  return reply;
}

function usageOf(body: Dict, reply: Reply): { prompt_tokens: number; completion_tokens: number; total_tokens: number } {
  const prompt = tokensOf(body['messages']);
  const completion = Math.max(
    1,
    tokensOf('toolCalls' in reply ? reply.toolCalls : 'refusal' in reply ? reply.refusal : textOf(reply)),
  );
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** The same text always has the same vector; different texts have unrelated ones. */
function vectorOf(text: string, size: number): number[] {
  const bytes = createHash('sha256').update(text).digest();
  const values = Array.from(
    { length: size },
    (_, index) => ((bytes[index % 32] ?? 0) ^ ((index * 37) & 255)) / 255 - 0.5,
  );
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
