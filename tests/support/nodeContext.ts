import type {
  ChatRequest,
  ChatResult,
  Contact,
  HistoryMessage,
  HttpAnswer,
  HttpQuestion,
  NodeContext,
  OutgoingMessage,
  Passage,
  Question,
} from '#nodes/sdk/context.js';
import { EffectDidNotHappen } from '#nodes/sdk/errors.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { NodeResult, NodeType } from '#nodes/sdk/node.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { MessageTriggerInput } from '#nodes/sdk/triggerInput.js';

/** Thrown by `ask` and `waitUntil` when the run would wait. */
export class RunWaits extends Error {
  override readonly name = 'RunWaits';
}

/** What a model says: its structured output or text, tools it asks for, or a failure. */
export type ModelReply =
  | { readonly output: Json }
  | { readonly text: string }
  | { readonly tools: readonly { readonly name: string; readonly arguments: Json }[] }
  | { readonly error: Error }
  | ((request: ChatRequest) => ModelReply);

/** Everything a node did to the world around it. */
export interface NodeWorld {
  readonly chats: ChatRequest[];
  readonly searches: string[];
  readonly sent: Map<string, OutgoingMessage>;
  readonly requests: HttpQuestion[];
  readonly handoffs: { reason: string; summary: string }[];
  readonly questions: Question[];
  readonly previews: string[];
  /** Names of the capabilities touched. */
  readonly touched: Set<string>;
  contact: Contact | null;
}

export const aMessage = (text: string, more: Partial<MessageTriggerInput> = {}): MessageTriggerInput => ({
  text,
  kind: 'text',
  contact: { id: 'contact-1', name: 'Jéssica' },
  conversation: { id: 'conversation-1' },
  message: { id: 'message-1' },
  ...more,
});

export const aPassage = (id: string, text: string): Passage => ({
  id,
  sourceId: `source-${id}`,
  title: `Ficha ${id}`,
  text,
  score: 0.8,
  updatedAt: '2026-11-01T12:00:00.000Z',
});

const capabilities = ['models', 'knowledge', 'contacts', 'conversation', 'channel', 'http'] as const;

/**
 * A node's surroundings, in memory: small true implementations of the capabilities, with a log of what was done through them.
 * `aNodeContext().trigger(aMessage('oi')).model({ output: … }).run(node, config)`.
 */
export class NodeContextBuilder {
  #trigger: Json = null;
  #locale: Locale = 'pt-BR';
  #organizationLocale: Locale = 'pt-BR';
  #conversation = true;
  #history: HistoryMessage[] = [];
  #passages: Passage[] = [];
  #replies: ModelReply[] = [];
  #answer: { value: Json } | null = null;
  #now = new Date('2026-11-22T12:00:00.000Z');
  #httpAnswer: HttpAnswer = { status: 200, headers: {}, json: null, text: '' };
  #channelDown = false;
  #personHasIt = false;
  readonly #controller = new AbortController();
  readonly #wakeAt: Date[] = [];
  readonly world: NodeWorld = {
    chats: [],
    searches: [],
    sent: new Map(),
    requests: [],
    handoffs: [],
    questions: [],
    previews: [],
    touched: new Set(),
    contact: { id: 'contact-1', name: 'Jéssica', locale: null, attributes: {}, messageCount: 0 },
  };

  trigger(trigger: Json | MessageTriggerInput): this {
    this.#trigger = trigger as Json;
    return this;
  }
  /** Language of the conversation. */
  locale(locale: Locale): this {
    this.#locale = locale;
    return this;
  }
  organizationLocale(locale: Locale): this {
    this.#organizationLocale = locale;
    return this;
  }
  withoutConversation(): this {
    this.#conversation = false;
    this.world.contact = null;
    return this;
  }
  contact(change: Partial<Contact>): this {
    if (this.world.contact) this.world.contact = { ...this.world.contact, ...change };
    return this;
  }
  history(...messages: readonly (readonly [HistoryMessage['author'], string])[]): this {
    this.#history = messages.map(([author, text]) => ({ author, text, at: '2026-11-22T11:00:00.000Z' }));
    return this;
  }
  passages(...passages: readonly Passage[]): this {
    this.#passages = [...passages];
    return this;
  }
  /** What the model says, one reply a call; the last one again and again. */
  model(...replies: readonly ModelReply[]): this {
    this.#replies = [...replies];
    return this;
  }
  /** What the other system answers. */
  answers(answer: HttpAnswer): this {
    this.#httpAnswer = answer;
    return this;
  }
  answered(value: Json): this {
    this.#answer = { value };
    return this;
  }
  at(time: string): this {
    this.#now = new Date(time);
    return this;
  }
  /** Sending fails before anything leaves. */
  channelDown(): this {
    this.#channelDown = true;
    return this;
  }
  /** A person took the conversation over: nothing the team writes is sent. */
  personHasIt(): this {
    this.#personHasIt = true;
    return this;
  }
  abort(): this {
    this.#controller.abort(new Error('The run was canceled'));
    return this;
  }

  /** Runs a node as the engine does: the config parsed by its own schema, expressions resolved already. */
  async run(node: NodeType, config: JsonObject = {}, input: Json = null): Promise<NodeResult> {
    if (!node.run) throw new Error(`${node.type} is run by the engine`);
    return node.run({ config: node.config.parse(config), input, ctx: this.build(node) });
  }

  build(node: NodeType): NodeContext {
    const { world } = this;
    const signal = this.#controller.signal;
    const context: NodeContext = {
      node: { id: 'node', type: node.type, title: node.title['pt-BR'] },
      run: { id: 'run-1', departmentId: 'department-1', organizationId: 'organization-1' },
      path: 'node',
      attempt: 1,
      signal,
      trigger: this.#trigger,
      organization: {
        name: 'Pão da Lúcia',
        locale: this.#organizationLocale,
        timezone: 'America/Recife',
        profile: 'Padaria artesanal no Recife.',
      },
      models: { sandbox: false, chat: async (request) => this.#chat(request) },
      knowledge: {
        search: async (query, options = {}) => {
          world.searches.push(query);
          return this.#passages
            .filter((passage) => passage.score >= (options.minScore ?? 0))
            .filter((passage) => options.sources?.includes(passage.sourceId) ?? true)
            .slice(0, options.limit ?? 5);
        },
      },
      contacts: {
        get: async () => world.contact,
        update: async ({ attributes = {}, ...change }) => {
          if (!world.contact) throw new Error('There is no contact');
          const kept = Object.entries({ ...world.contact.attributes, ...attributes }).filter(([, one]) => one !== null);
          world.contact = { ...world.contact, ...change, attributes: Object.fromEntries(kept) };
          return world.contact;
        },
      },
      conversation: this.#conversation
        ? {
            id: 'conversation-1',
            locale: this.#locale,
            history: async (limit) => this.#history.slice(-limit),
            handoff: async (reason, summary) => void world.handoffs.push({ reason, summary }),
          }
        : null,
      channel: {
        kind: this.#conversation ? 'simulator' : 'none',
        send: async (key, message) => this.#send(key, message),
      },
      http: {
        request: async (_key, question) => {
          signal.throwIfAborted();
          world.requests.push(question);
          return this.#httpAnswer;
        },
      },
      now: () => this.#now,
      charge: () => undefined,
      preview: (delta) => void world.previews.push(delta),
      effect: async (key, perform) => perform(key, () => {}),
      ask: (question) => {
        world.questions.push(question);
        if (!this.#answer) throw new RunWaits();
        return this.#answer.value;
      },
      waitUntil: (time) => {
        this.#wakeAt.push(time);
        if (this.#now < (this.#wakeAt[0] ?? time)) throw new RunWaits();
      },
    };
    return new Proxy(context, {
      get: (target, name, receiver) => {
        if (capabilities.some((one) => one === name)) world.touched.add(String(name));
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
  }

  #chat(request: ChatRequest): ChatResult {
    this.#controller.signal.throwIfAborted();
    this.world.chats.push(structuredCloneOf(request));
    let reply = this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
    while (typeof reply === 'function') reply = reply(request);
    if (!reply) throw new Error('The test gave the model nothing to say');
    if ('error' in reply) throw reply.error;
    const usage = { provider: 'test', model: 'test', inputTokens: 10, outputTokens: 10, costMicros: 1 };
    const none = { text: '', output: null, toolCalls: [], usage };
    if ('tools' in reply) {
      return { ...none, toolCalls: reply.tools.map((call, index) => ({ id: `call-${index}`, ...call })) };
    }
    if ('text' in reply) {
      request.onText?.(reply.text);
      return { ...none, text: reply.text };
    }
    return { ...none, output: reply.output };
  }

  #send(key: string, message: OutgoingMessage): { messageId: string } {
    this.#controller.signal.throwIfAborted();
    if (this.#channelDown) {
      throw new EffectDidNotHappen('The channel is down', { code: 'channel_down', actor: 'provider', retryable: true });
    }
    if (this.#personHasIt) return { messageId: '' };
    if (!this.world.sent.has(key)) this.world.sent.set(key, message);
    return { messageId: `sent-${key}` };
  }
}

/** Messages are appended to while a node works; what was asked then must stay as it was. */
const structuredCloneOf = ({ onText, ...request }: ChatRequest): ChatRequest => ({
  ...structuredClone(request),
  ...(onText && { onText }),
});

export const aNodeContext = (): NodeContextBuilder => new NodeContextBuilder();
