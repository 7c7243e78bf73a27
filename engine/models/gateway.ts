import type { ChatRequest, ChatResult, ModelRole, Models, Usage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { Breaker, type BreakerOptions } from './breaker.js';
import { checkOutput } from './checkOutput.js';
import { createOpenAIEmbedder, sandboxEmbedder } from './embeddings.js';
import { badOutput, refused } from './errors.js';
import { createClient, createOpenAI, type OpenAISettings } from './openai.js';
import { createPreview } from './preview.js';
import { costMicros } from './prices.js';
import type { ChatCall, ProviderReply } from './provider.js';
import { withRetries, type RetryOptions, type Tries } from './retry.js';
import { defaultEmbeddingModel, defaultModels } from './roles.js';
import { createSandbox } from './sandbox.js';

export interface ModelSettings {
  /** Absent: the sandbox answers. */
  readonly openai?: OpenAISettings;
  /** Models by role, where they differ from `roles.ts`. */
  readonly models?: Partial<Record<ModelRole, string>>;
  readonly embeddingModel?: string;
  readonly retry?: Partial<RetryOptions>;
  readonly breaker?: Partial<BreakerOptions>;
  /** Milliseconds between the sandbox's words. Default 8. */
  readonly sandboxWordMs?: number;
}

export interface RunModels {
  readonly organizationId: string;
  /** Aborted when the run ends: calls then throw its reason. */
  readonly signal: AbortSignal;
  /** Called for every attempt whose use the provider reports, failed ones included. */
  readonly charge: (usage: Usage) => void;
  /** Language of the error messages. Default pt-BR. */
  readonly locale?: Locale;
}

export interface Embedded {
  /** One vector of 1024 dimensions for each text, in order, L2-normalised. */
  readonly vectors: number[][];
  /** Vectors of different models cannot be compared. */
  readonly model: string;
  readonly usage: Usage;
}

export interface ModelGateway {
  /** True when no provider key is set. */
  readonly sandbox: boolean;
  /** The model that `embed` uses now. */
  readonly embeddingModel: string;
  forRun(run: RunModels): Models;
  /** Throws `NodeError` as `Models` does. */
  embed(
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly locale?: Locale },
  ): Promise<Embedded>;
}

const retryDefaults: RetryOptions = { attempts: 3, baseMs: 300, maxMs: 4_000, deadlineMs: 20_000 };
const breakerDefaults: BreakerOptions = { failures: 5, openMs: 15_000 };

const sum = (all: readonly Usage[], provider: string, model: string): Usage => ({
  provider,
  model,
  inputTokens: all.reduce((total, one) => total + one.inputTokens, 0),
  outputTokens: all.reduce((total, one) => total + one.outputTokens, 0),
  costMicros: all.reduce((total, one) => total + one.costMicros, 0),
});

/** The only door to AI. One gateway a process: it holds the circuit breaker of its provider and key. */
export function createModels(settings: ModelSettings): ModelGateway {
  const client = settings.openai && createClient(settings.openai);
  const provider = client
    ? createOpenAI(client, () => new Date())
    : createSandbox({ wordMs: settings.sandboxWordMs ?? 8 });
  const embedder = client
    ? createOpenAIEmbedder(client, settings.embeddingModel ?? defaultEmbeddingModel)
    : sandboxEmbedder;
  const options = { ...retryDefaults, ...settings.retry };
  const breaker = new Breaker({ ...breakerDefaults, ...settings.breaker }, Date.now);
  const tries = (signal: AbortSignal, locale: Locale, since = Date.now()): Tries => ({
    breaker,
    options: { ...options, deadlineMs: Math.max(1, options.deadlineMs - (Date.now() - since)) },
    locale,
    signal,
    now: Date.now,
    random: Math.random,
  });

  const chat = async (run: RunModels, request: ChatRequest): Promise<ChatResult> => {
    const locale = run.locale ?? 'pt-BR';
    const model = client ? (settings.models?.[request.role] ?? defaultModels[request.role]) : 'sandbox';
    const since = Date.now();
    const used: Usage[] = [];
    const report = (usage: Usage): void => {
      used.push(usage);
      run.charge(usage);
    };
    // The sandbox writes words, not JSON: nothing to read out of it.
    const preview = createPreview(request.onText, client !== undefined && request.output !== undefined);
    const ask = (repair?: ChatCall['repair']): Promise<ProviderReply> =>
      withRetries(tries(run.signal, locale, since), (signal) =>
        provider.chat({ request, model, signal, onText: preview(), report, ...(repair && { repair }) }),
      );

    const first = await ask();
    const judged = judge(request, first, locale);
    const repaired =
      typeof judged === 'string'
        ? judge(request, await ask({ bad: first.text, problem: judged || 'it was empty' }), locale)
        : judged;
    if (typeof repaired === 'string') throw badOutput(locale, repaired);
    return { ...repaired, usage: sum(used, provider.name, model) };
  };

  return {
    sandbox: client === undefined,
    embeddingModel: embedder.model,
    forRun: (run) => ({ sandbox: client === undefined, chat: (request) => chat(run, request) }),
    async embed(texts, { signal = new AbortController().signal, locale = 'pt-BR' } = {}) {
      const { vectors, inputTokens } = await withRetries(tries(signal, locale), (either) =>
        embedder.embed(texts, either),
      );
      const cost = costMicros(embedder.model, { input: inputTokens, cachedInput: 0, output: 0 }, new Date());
      return {
        vectors,
        model: embedder.model,
        usage: { provider: provider.name, model: embedder.model, inputTokens, outputTokens: 0, costMicros: cost },
      };
    },
  };
}

/** The result of a reply, or what is wrong with it (empty when it said nothing). Throws `model_refused`. */
function judge(request: ChatRequest, reply: ProviderReply, locale: Locale): Omit<ChatResult, 'usage'> | string {
  if (reply.refusal !== null) throw refused(locale, reply.refusal);
  if (reply.finish === 'content_filter') throw refused(locale, 'content_filter');
  if (reply.toolCalls.length) return { text: reply.text, output: null, toolCalls: reply.toolCalls };
  if (!reply.text.trim()) return '';
  if (!request.output) return { text: reply.text, output: null, toolCalls: [] };
  const { output, problem } = checkOutput(reply.text, request.output.schema);
  if (problem !== null) return reply.finish === 'length' ? `it was cut at its greatest length (${problem})` : problem;
  const text =
    typeof output === 'object' && output !== null && !Array.isArray(output) && typeof output['text'] === 'string'
      ? output['text']
      : '';
  return { text, output, toolCalls: [] };
}
