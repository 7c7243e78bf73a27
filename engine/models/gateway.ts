import type { ChatRequest, ChatResult, ModelRole, Models, OfferedModel, Usage } from '#nodes/sdk/context.js';
import { detail, type Detail } from '#nodes/sdk/details.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Budget } from './budget.js';
import { Breaker, type BreakerOptions } from './breaker.js';
import { catalogueOf } from './catalogue.js';
import { checkOutput } from './checkOutput.js';
import { createOpenAIEmbedder, sandboxEmbedder, type Embedder } from './embeddings.js';
import { badOutput, budgetSpent, isNotOffered, keyMissing, refused } from './errors.js';
import type { Caller, KeysOf, OwnKey, OwnKeys } from './keys.js';
import { createClient, createOpenAI, type OpenAISettings } from './openai.js';
import { createPreview } from './preview.js';
import { costMicros } from './prices.js';
import type { ChatCall, ChatProvider, ProviderReply } from './provider.js';
import { withRetries, type RetryOptions, type Tries } from './retry.js';
import { defaultEmbeddingModel, defaultModels } from './roles.js';
import { createRoom, type Counter, type ProviderLimits, type Room } from './room.js';
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
  /** Of the platform's key. */
  readonly limits?: ProviderLimits;
  /** Counts calls and tokens, for all workers together. Absent: nothing is counted. */
  readonly counter?: Counter;
  /** Holds organizations to their day's money. Absent: nobody has a limit. */
  readonly budget?: Budget;
  /** Where organizations' own keys are found. Absent: none has any. */
  readonly ownKeys?: OwnKeys;
  /** The way out to addresses that tenants choose. Without it, no key with an address of its own is used. */
  readonly guardedFetch?: typeof fetch;
}

export interface RunModels extends Caller {
  /** The organization has a limit for the day: a call first sets aside what it may cost. */
  readonly capped?: boolean;
  /** Aborted when the run ends: calls then throw its reason. */
  readonly signal: AbortSignal;
  /** Whether anybody may see an answer while it is written: else it is asked for whole. Default: always. */
  readonly isWatched?: () => boolean;
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
  /** True when the platform has no provider key. */
  readonly sandbox: boolean;
  /** The models that `embed` uses now, by whose keys. */
  readonly embeddingModels: Readonly<Record<KeysOf, string>>;
  /** What an author may choose for a step, whoever pays. */
  catalogue(): readonly OfferedModel[];
  forRun(run: RunModels): Models;
  /** Throws `NodeError` as `Models` does. */
  embed(
    texts: readonly string[],
    caller: Caller,
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

/** One provider under one key, with the breaker that watches it. */
interface Door {
  readonly keys: KeysOf;
  readonly real: boolean;
  readonly provider: ChatProvider;
  readonly embedder: Embedder;
  readonly breaker: Breaker;
  readonly room: Room;
}

/** Doors of organizations that are kept open; the least lately used one goes first. */
const MOST_DOORS = 1_000;

/** The only door to AI. One gateway a process: it holds a circuit breaker for each provider and key. */
export function createModels(settings: ModelSettings): ModelGateway {
  const options = { ...retryDefaults, ...settings.retry };
  const embeddingModel = settings.embeddingModel ?? defaultEmbeddingModel;
  const newBreaker = (): Breaker => new Breaker({ ...breakerDefaults, ...settings.breaker }, Date.now);
  const openDoor = (keys: KeysOf, openai: OpenAISettings, name = 'platform'): Door => {
    const client = createClient(openai);
    return {
      keys,
      real: true,
      provider: createOpenAI(client, () => new Date()),
      embedder: createOpenAIEmbedder(client, embeddingModel),
      breaker: newBreaker(),
      room: createRoom(name, keys === 'platform' ? (settings.limits ?? {}) : {}, settings.counter),
    };
  };
  const platform: Door = settings.openai
    ? openDoor('platform', settings.openai)
    : {
        keys: 'platform',
        real: false,
        provider: createSandbox({ wordMs: settings.sandboxWordMs ?? 8 }),
        embedder: sandboxEmbedder,
        breaker: newBreaker(),
        room: createRoom('sandbox', {}, undefined),
      };
  const own = new Map<string, Door>();
  const byRole = { ...defaultModels, ...settings.models };
  const offered = new Set(catalogueOf(byRole, new Date()).map(({ id }) => id));

  /** There is no way from an organization's own keys to the platform's: what cannot be opened is not opened. */
  const doorOf = async ({ organizationId, keys }: Caller, locale: Locale): Promise<Door> => {
    if (keys === 'platform') return platform;
    const key = (await settings.ownKeys?.(organizationId, 'openai')) ?? null;
    if (!key) throw keyMissing(locale);
    const name = `${organizationId} ${key.version}`;
    const door = own.get(name) ?? openDoor('own', ownSettings(key, settings), name);
    own.delete(name);
    own.set(name, door);
    if (own.size > MOST_DOORS) own.delete(own.keys().next().value ?? '');
    return door;
  };
  const tries = ({ breaker, keys, room }: Door, signal: AbortSignal, locale: Locale, since = Date.now()): Tries => ({
    breaker,
    keys,
    room,
    options: { ...options, deadlineMs: Math.max(1, options.deadlineMs - (Date.now() - since)) },
    locale,
    signal,
    now: Date.now,
    random: Math.random,
  });

  const chat = async (run: RunModels, request: ChatRequest): Promise<ChatResult> => {
    const locale = run.locale ?? 'pt-BR';
    const since = Date.now();
    const door = await doorOf(run, locale);
    const { provider, real } = door;
    const usual = real ? byRole[request.role] : 'sandbox';
    // What is not in the catalogue has no price that a limit could count on, so it is not asked for whatever a definition says.
    let model = real && request.model !== undefined && offered.has(request.model) ? request.model : usual;
    const used: Usage[] = [];
    const report = (usage: Usage): void => {
      used.push(usage);
      run.charge(usage);
    };
    // The sandbox writes words, not JSON: nothing to read out of it.
    const { onText } = request;
    const preview = onText && createPreview(onText, real && request.output !== undefined);
    const isWatched = run.isWatched ?? (() => true);
    const askModel = async (repair?: ChatCall['repair']): Promise<ProviderReply> => {
      const size = sizeOf(request, repair);
      // What is set aside for it must be enough.
      const bounded = run.capped ? { ...request, maxOutputTokens: size.output } : request;
      const pay = await payFor(run, door, model, size, locale);
      const before = used.length;
      try {
        return await withRetries(
          tries(door, run.signal, locale, since),
          (signal) =>
            provider.chat({
              request: bounded,
              model,
              signal,
              onText: isWatched() ? preview?.() : undefined,
              report,
              ...(repair && { repair }),
            }),
          size.input + size.output,
        );
      } finally {
        await pay(used.slice(before).reduce((total, one) => total + one.costMicros, 0));
      }
    };

    const ask = async (repair?: ChatCall['repair']): Promise<ProviderReply> => {
      try {
        return await askModel(repair);
      } catch (error) {
        if (!isNotOffered(error) || model === usual) throw error;
        // The key has no such model, or no more: better the role's own than no answer. The step keeps which one it was.
        model = usual;
        return askModel(repair);
      }
    };

    const first = await ask();
    const judged = judge(request, first, locale);
    const repaired =
      'problem' in judged ? judge(request, await ask({ bad: first.text, problem: judged.problem }), locale) : judged;
    if ('problem' in repaired) throw badOutput(locale, repaired.said);
    return { ...repaired, usage: sum(used, provider.name, model) };
  };

  /** Sets the most aside that the call may cost, where the day has a limit. Gives what to call once the cost is known. */
  const payFor = async (
    { organizationId, capped }: RunModels,
    { real }: Door,
    model: string,
    { input, output }: Size,
    locale: Locale,
  ): Promise<(cost: number) => Promise<void>> => {
    const { budget } = settings;
    if (!budget || !real) return async () => {};
    if (!capped) return async (cost) => void budget.spent(organizationId, cost).catch(() => {});
    const estimate = costMicros(model, { input, cachedInput: 0, output }, new Date());
    const settle = await budget.reserve(organizationId, estimate);
    if (!settle) throw budgetSpent(locale);
    return settle;
  };

  return {
    sandbox: !platform.real,
    catalogue: () => catalogueOf(byRole, new Date()),
    embeddingModels: { platform: platform.embedder.model, own: embeddingModel },
    forRun: (run) => ({
      sandbox: run.keys === 'platform' && !platform.real,
      chat: (request) => chat(run, request),
    }),
    async embed(texts, caller, { signal = new AbortController().signal, locale = 'pt-BR' } = {}) {
      const door = await doorOf(caller, locale);
      const { embedder, provider } = door;
      const { vectors, inputTokens } = await withRetries(tries(door, signal, locale), (either) =>
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

/** A key without an address goes where operators send theirs; a tenant's address is reached by the guarded way only. */
function ownSettings({ apiKey, baseUrl }: OwnKey, { openai, guardedFetch }: ModelSettings): OpenAISettings {
  if (baseUrl === null) return { apiKey, ...(openai?.baseUrl && { baseUrl: openai.baseUrl }) };
  return { apiKey, baseUrl, fetch: guardedFetch ?? (() => Promise.reject(new TypeError('there is no way out'))) };
}

/** What is wrong with a reply: told to the model that is asked again, and to a person when it is no better. */
interface Misfit {
  readonly problem: string;
  readonly said: Detail;
}

/** The result of a reply, or what is wrong with it. Throws `model_refused`. */
function judge(request: ChatRequest, reply: ProviderReply, locale: Locale): Omit<ChatResult, 'usage'> | Misfit {
  if (reply.refusal !== null) throw refused(locale, reply.refusal);
  if (reply.finish === 'content_filter') throw refused(locale, 'content_filter');
  if (reply.toolCalls.length) return { text: reply.text, output: null, toolCalls: reply.toolCalls };
  if (!reply.text.trim()) return { problem: 'it was empty', said: detail('model.nothing') };
  if (!request.output) return { text: reply.text, output: null, toolCalls: [] };
  const checked = checkOutput(reply.text, request.output.schema);
  const { output } = checked;
  if (checked.problem !== null)
    return reply.finish === 'length'
      ? { problem: `it was cut at its greatest length (${checked.problem})`, said: detail('model.cut') }
      : checked;
  const text =
    typeof output === 'object' && output !== null && !Array.isArray(output) && typeof output['text'] === 'string'
      ? output['text']
      : '';
  return { text, output, toolCalls: [] };
}

/** Tokens of a call, from above. */
interface Size {
  readonly input: number;
  readonly output: number;
}

/** Characters of a token in Portuguese and English, from below: a limit that is to hold must not count too little. */
const CHARACTERS_A_TOKEN = 3;
/** What an answer may have when nobody says otherwise. */
const LONGEST_ANSWER = 4_096;

function sizeOf(request: ChatRequest, repair: ChatCall['repair']): Size {
  const { onText: _, ...said } = request;
  const characters = JSON.stringify(said).length + (repair ? repair.bad.length : 0);
  return { input: Math.ceil(characters / CHARACTERS_A_TOKEN), output: request.maxOutputTokens ?? LONGEST_ANSWER };
}
