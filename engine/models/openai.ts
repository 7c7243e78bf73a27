import OpenAI from 'openai';
import { Stream } from 'openai/streaming';
import type { ChatMessage, ChatRequest, ToolCall } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { CutStream } from './errors.js';
import { costMicros } from './prices.js';
import { renderInstructions, renderMaterial } from './prompt.js';
import type { ChatCall, ChatProvider, ProviderReply } from './provider.js';
import { providerFetch } from './providerFetch.js';
import { effortOf, reasons } from './roles.js';
import { toStrict } from './strictSchema.js';

type Params = OpenAI.Chat.ChatCompletionCreateParams;
type Chunk = OpenAI.Chat.ChatCompletionChunk;
type Completion = OpenAI.Chat.ChatCompletion;
type Param = OpenAI.Chat.ChatCompletionMessageParam;

export interface OpenAISettings {
  readonly apiKey: string;
  /** Any server that speaks OpenAI's Chat Completions. Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** The way out. Default: `providerFetch`. */
  readonly fetch?: typeof fetch;
}

interface EndedBy extends RequestInit {
  readonly endedBy?: AbortSignal;
}
/** What ends a call. The client would compose its own `signal` with one more by `AbortSignal.any`: see `Deadline`. */
export const endedBy = (signal: AbortSignal): Pick<OpenAI.RequestOptions, 'fetchOptions'> => ({
  fetchOptions: { endedBy: signal } as object,
});
const underCallersSignal =
  (way: typeof fetch): typeof fetch =>
  (input, { endedBy, ...init }: EndedBy = {}) =>
    way(input, endedBy ? { ...init, signal: endedBy } : init);

/** The client with its retries and its own deadline off: both are the gateway's. Nothing is read from the environment. */
export const createClient = ({ apiKey, baseUrl, fetch }: OpenAISettings): OpenAI =>
  new OpenAI({
    apiKey,
    fetch: underCallersSignal(fetch ?? providerFetch),
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    timeout: 10 * 60_000,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
  });

function messageParam(message: ChatMessage): Param {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role === 'user' || !message.toolCalls?.length) return { role: message.role, content: message.content };
  return {
    role: 'assistant',
    content: message.content || null,
    tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  };
}

function responseFormat(output: NonNullable<ChatRequest['output']>): NonNullable<Params['response_format']> {
  const strict = toStrict(output.schema) as JsonObject | null;
  return {
    type: 'json_schema',
    json_schema: { name: output.name, schema: strict ?? output.schema, strict: strict !== null },
  };
}

/** The request body of a call. */
function bodyOf({ request, model, repair, onText }: ChatCall): Params {
  const material = renderMaterial(request.material);
  const messages: Param[] = [
    { role: 'system', content: renderInstructions(request) },
    ...(material ? [{ role: 'system', content: material } satisfies Param] : []),
    ...request.messages.map(messageParam),
    ...(repair
      ? [
          { role: 'assistant', content: repair.bad || '(nothing)' } satisfies Param,
          {
            role: 'system',
            content: `Your last answer could not be used: ${repair.problem}. Answer again, with JSON of the agreed schema and nothing else.`,
          } satisfies Param,
        ]
      : []),
  ];
  const thinks = reasons(model);
  const effort = effortOf(request.role, Boolean(request.tools?.length));
  return {
    model,
    messages,
    // A piece of the stream for each token costs several times as much as the whole answer at once: see docs/decisions/0091.
    ...(onText ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
    store: false,
    ...(thinks && { reasoning_effort: effort }),
    ...(request.temperature !== undefined && !(thinks && effort !== 'none') && { temperature: request.temperature }),
    ...(request.maxOutputTokens !== undefined && { max_completion_tokens: request.maxOutputTokens }),
    ...(request.output && { response_format: responseFormat(request.output) }),
    ...(request.tools?.length && {
      tools: request.tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters },
      })),
    }),
  };
}

interface Gathered {
  text: string;
  refusal: string;
  finish: string | null;
  readonly calls: Map<number, { id: string; name: string; args: string }>;
}

function gather(into: Gathered, chunk: Chunk): string {
  const [choice] = chunk.choices;
  if (!choice) return '';
  const piece = choice.delta.content ?? '';
  into.text += piece;
  into.refusal += choice.delta.refusal ?? '';
  into.finish = choice.finish_reason ?? into.finish;
  for (const { index, id, function: part } of choice.delta.tool_calls ?? []) {
    const call = into.calls.get(index) ?? { id: '', name: '', args: '' };
    into.calls.set(index, {
      id: id ?? call.id,
      name: call.name + (part?.name ?? ''),
      args: call.args + (part?.arguments ?? ''),
    });
  }
  return piece;
}

/** A whole answer as the one chunk that it could have come in. */
function chunkOf({ choices, ...rest }: Completion): Chunk {
  return {
    ...rest,
    object: 'chat.completion.chunk',
    choices: choices.map(({ message, ...choice }) => ({
      ...choice,
      delta: {
        content: message.content,
        refusal: message.refusal,
        tool_calls: (message.tool_calls ?? []).flatMap((call, index) =>
          call.type === 'function' ? [{ ...call, index }] : [],
        ),
      },
    })),
  };
}

/** What was answered, in pieces or whole, whichever of them was asked for: a server need not know both. */
async function* chunksOf(client: OpenAI, response: Response): AsyncGenerator<Chunk> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield* Stream.fromSSEResponse<Chunk>(response, new AbortController(), client);
    return;
  }
  const whole = (await response.json()) as Partial<Completion> & { readonly error?: Record<string, unknown> };
  if (whole.error) throw new OpenAI.APIError(undefined, whole.error, undefined, response.headers);
  if (!Array.isArray(whole.choices)) throw new CutStream('What came is no answer.');
  yield chunkOf(whole as Completion);
}

/** Arguments as JSON; text that is not JSON stays a string, which the tool's own schema then refuses. */
function readArguments(text: string): Json {
  try {
    return JSON.parse(text || '{}') as Json;
  } catch {
    return text;
  }
}

const finishes = ['stop', 'length', 'tool_calls', 'content_filter'] as const;

/**
 * OpenAI over Chat Completions: the one address that every compatible server speaks too, with structured output and tools, streamed with usage in the last chunk or whole.
 */
export function createOpenAI(client: OpenAI, now: () => Date): ChatProvider {
  return {
    name: 'openai',
    async chat(call: ChatCall): Promise<ProviderReply> {
      const { model, signal } = call;
      const response = await client.chat.completions.create(bodyOf(call), endedBy(signal)).asResponse();
      const gathered: Gathered = { text: '', refusal: '', finish: null, calls: new Map() };
      for await (const chunk of chunksOf(client, response)) {
        const piece = gather(gathered, chunk);
        if (piece) call.onText?.(piece);
        if (!chunk.usage) continue;
        const {
          prompt_tokens: inputTokens,
          completion_tokens: outputTokens,
          prompt_tokens_details: details,
        } = chunk.usage;
        const cost = costMicros(
          model,
          { input: inputTokens, cachedInput: details?.cached_tokens ?? 0, output: outputTokens },
          now(),
        );
        call.report({ provider: 'openai', model, inputTokens, outputTokens, costMicros: cost });
      }
      // An aborted stream ends without throwing.
      signal.throwIfAborted();
      if (gathered.finish === null) throw new CutStream('The stream ended before the answer did.');
      const toolCalls: ToolCall[] = [...gathered.calls.entries()]
        .toSorted(([a], [b]) => a - b)
        .map(([, { id, name, args }]) => ({ id, name, arguments: readArguments(args) }));
      const finish = finishes.find((one) => one === gathered.finish) ?? (toolCalls.length ? 'tool_calls' : 'stop');
      return { text: gathered.text, refusal: gathered.refusal || null, toolCalls, finish };
    },
  };
}
