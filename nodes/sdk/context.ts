import type { Json, JsonObject } from './json.js';
import type { Locale, Text } from './text.js';

/** A person wrote it, the department did, or a member of the organization did. */
export type MessageAuthor = 'contact' | 'team' | 'person' | 'system';

export interface HistoryMessage {
  readonly author: MessageAuthor;
  readonly text: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** A passage of the organization's knowledge. `score` is 0..1, higher is nearer. */
export interface Passage {
  readonly id: string;
  readonly sourceId: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
  /** ISO 8601 UTC: when its source was last written. */
  readonly updatedAt: string;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Json;
}

export type ChatMessage =
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

export type ModelRole = 'write' | 'reason' | 'classify';

/** The prompt's own material, kept apart from the instructions: rendered as quoted data for a real model, used as it is by the sandbox. */
export interface Material {
  /** The business as its owner describes it. */
  readonly business?: string;
  readonly passages?: readonly Passage[];
  /** Choices to classify into. */
  readonly labels?: readonly { readonly name: string; readonly description: string }[];
  /** A department to change. */
  readonly graph?: GraphMaterial;
}

/** A department as a model is shown it, and the kinds of steps that there are. */
export interface GraphMaterial {
  readonly steps: readonly {
    readonly id: string;
    readonly type: string;
    readonly title: string;
    readonly config: JsonObject;
    /** Its ways out as it is set. */
    readonly ways: readonly { readonly name: string; readonly title: Text }[];
    readonly inside?: string;
  }[];
  readonly edges: readonly { readonly from: string; readonly way: string; readonly to: string }[];
  readonly types: readonly {
    readonly type: string;
    readonly title: Text;
    readonly summary: Text;
    readonly ways: readonly string[];
    /** JSON Schema of its settings. */
    readonly config: JsonObject;
  }[];
}

export interface ChatRequest {
  readonly role: ModelRole;
  /** A model that the author chose, by its id in the gateway's catalogue. Absent, or no longer offered: the platform's choice for the role. */
  readonly model?: string;
  /** What is wanted; the sandbox provider answers by it. */
  readonly task: 'answer' | 'write' | 'classify' | 'sentiment' | 'escalation' | 'act' | 'edit';
  /** The author's instructions. Never text that came from a customer. */
  readonly instructions: string;
  readonly material?: Material;
  /** Oldest first; the last one is what is answered. */
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly Tool[];
  /** Asks for structured output; `ChatResult.output` then satisfies this JSON Schema. */
  readonly output?: { readonly name: string; readonly schema: JsonObject };
  /** Language of the answer. */
  readonly locale: Locale;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** Called with each piece of text as it arrives. With `output`, called with the pieces of its `text` field only. */
  readonly onText?: (delta: string) => void;
}

export interface Usage {
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar, from the dated price table. */
  readonly costMicros: number;
}

export interface ChatResult {
  readonly text: string;
  readonly output: Json;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
}

/** A model that an author may choose for a step. */
export interface OfferedModel {
  /** As the provider calls it. */
  readonly id: string;
  readonly provider: string;
  /** US dollars for a million tokens, at the time of asking; `null` where no price is known. */
  readonly price: { readonly input: number; readonly output: number } | null;
  /** Roles that it plays when nobody chooses. */
  readonly roles: readonly ModelRole[];
}

/** The only door to AI. Throws `NodeError` (`model_unavailable`, `model_refused`, `model_bad_output`, `model_timeout`, `budget_spent`). */
export interface Models {
  /** True when no provider key is set and answers come from the deterministic sandbox. */
  readonly sandbox: boolean;
  chat(request: ChatRequest): Promise<ChatResult>;
}

export interface Knowledge {
  /**
   * Nearest passages of this organization, best first. `limit` 1..20. `sources`: only those of these sources; none given means all. One that was deleted
   * is not there.
   */
  search(
    query: string,
    options?: { readonly limit?: number; readonly minScore?: number; readonly sources?: readonly string[] },
  ): Promise<readonly Passage[]>;
}

export interface Contact {
  readonly id: string;
  readonly name: string | null;
  readonly locale: Locale | null;
  readonly attributes: JsonObject;
  /** Messages this contact has sent us before this run. */
  readonly messageCount: number;
}

export interface Contacts {
  get(): Promise<Contact | null>;
  /** Merges attributes into the contact; a `null` value removes the key. */
  update(change: {
    readonly name?: string;
    readonly locale?: Locale;
    readonly attributes?: JsonObject;
  }): Promise<Contact>;
}

export interface Conversation {
  readonly id: string;
  readonly locale: Locale;
  /** Messages before the ones this run answers, oldest first. `limit` 1..50. */
  history(limit: number): Promise<readonly HistoryMessage[]>;
  /** The team stops answering and a person of the organization is asked to take over. Idempotent. */
  handoff(reason: string, summary: string): Promise<void>;
}

export interface ReplyButton {
  /** At most 256 characters; comes back as `buttonId` of the customer's reply. */
  readonly id: string;
  /** At most 20 characters. */
  readonly title: string;
}

export interface ReplyListSection {
  /** At most 24 characters. */
  readonly title: string;
  /** `title` at most 24 characters, `description` 72, `id` 200. */
  readonly rows: readonly { readonly id: string; readonly title: string; readonly description?: string }[];
}

/** What a message carries beside its words, by a public link that the channel fetches. */
export interface OutgoingMedia {
  readonly kind: 'image' | 'video' | 'audio' | 'document';
  readonly link: string;
  /** What a document is called at the customer's. */
  readonly name?: string;
}

/** Limits are WhatsApp's (Cloud API reference v23.0); every channel keeps to them. */
export interface OutgoingMessage {
  /** At most 4096 characters, 1024 with buttons, a list or media; empty only with media alone. */
  readonly text: string;
  /** Not together with a list; audio goes without words and buttons. */
  readonly media?: OutgoingMedia;
  /** At most 3. */
  readonly buttons?: readonly ReplyButton[];
  /** At most 10 rows in all. `button` opens the list, at most 20 characters. */
  readonly list?: { readonly button: string; readonly sections: readonly ReplyListSection[] };
  /** Passages the answer rests on: kept with the message, shown to the organization, never sent. */
  readonly sources?: readonly { readonly title: string; readonly passageId: string }[];
}

export interface Channel {
  readonly kind: 'whatsapp' | 'simulator' | 'none';
  /**
   * Sends through the effects ledger under `key`: at most once per run and key, whatever crashes. `messageId` is empty when nothing was
   * sent because a person has the conversation.
   */
  send(key: string, message: OutgoingMessage): Promise<{ readonly messageId: string }>;
}

export interface HttpQuestion {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Id of the organization's connection whose credentials go along, to its own hosts only. */
  readonly connection: string | null;
  /** The other side does it once however often it is asked under the same `Idempotency-Key`. */
  readonly repeatable?: boolean;
  /** Where the other side says whether it happened, when its answer got lost. */
  readonly confirm?: HttpConfirm;
  /** Of everything together; at most 30,000. */
  readonly timeoutMs: number;
}

/**
 * A GET that tells whether something happened. Without `field` a success says that it did and a 404 or 410 that it did not; with it, the field of the JSON
 * does: it happened when it holds `value`. Anything else leaves the question to a person.
 */
export interface HttpConfirm {
  readonly url: string;
  /** Names joined by dots. */
  readonly field?: string;
  readonly value?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `null` when the answer is no JSON. */
  readonly json: Json;
  readonly text: string;
}

export interface Http {
  /**
   * Asks another system, at public addresses only. Anything but GET and HEAD happens at most once per run and key, with an `Idempotency-Key`
   * that is the same in every try.
   * Throws `NodeError` (`egress_refused`, `egress_timeout`, `egress_too_large`, `egress_failed`, `connection_unknown`, `connection_other_host`, `connection_refused`,
   * `connection_unreadable`).
   */
  request(key: string, question: HttpQuestion): Promise<HttpAnswer>;
}

/**
 * What a waiting run asks, and of whom. `contact`: the customer's next message answers. `member`: somebody of the organization does.
 * `event`: another system does, at the node's own address, with the same `key`.
 */
export interface Question {
  readonly of: 'contact' | 'member' | 'event';
  readonly title: string;
  /** What ties an event to this run; at most 200 characters. */
  readonly key?: string;
  /** Present when the answer is one of these. */
  readonly options?: readonly { readonly value: string; readonly title: string }[];
  /** The question answers itself with `null` after this long. */
  readonly timeoutMs?: number;
}

/** What the other side says about an effect whose outcome we did not record. */
export type Verdict =
  { readonly happened: true; readonly result: Json } | { readonly happened: false } | { readonly happened: 'unknown' };

export interface EffectOptions {
  readonly repeatable?: boolean;
  /** Asks the other side when nobody knows whether it happened. It throws nothing: no answer is `unknown`. */
  readonly ask?: () => Promise<Verdict>;
}

export interface NodeContext {
  readonly node: { readonly id: string; readonly type: string; readonly title: string };
  readonly run: { readonly id: string; readonly departmentId: string; readonly organizationId: string };
  /** Where this execution stands: the node id, with `#<round>/` for each container around it. Unique within a run. */
  readonly path: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted on cancel, timeout and loss of the run. */
  readonly signal: AbortSignal;
  /** What started the run. */
  readonly trigger: Json;
  readonly organization: {
    readonly name: string;
    readonly locale: Locale;
    readonly timezone: string;
    readonly profile: string;
  };
  readonly models: Models;
  readonly knowledge: Knowledge;
  readonly contacts: Contacts;
  /** `null` when the run has no conversation (manual, schedule, webhook). */
  readonly conversation: Conversation | null;
  readonly channel: Channel;
  readonly http: Http;
  now(): Date;
  /** Adds to the tokens and cost of this step. Models report themselves; call it for other paid work. */
  charge(usage: Usage): void;
  /** Shows text as it is written, in the simulator and the run page. Never reaches a customer. */
  preview(delta: string): void;
  /**
   * Does something outside at most once per run and key. See `EffectDidNotHappen`. When nobody can tell whether it happened, the run waits until the
   * provider or a person says so. `mayAct` throws when this worker has lost the run: call it last, right before anything leaves. In a rehearsal nothing is
   * done: it gives what it gave in the run that is rehearsed, else `rehearsed`; without one the step fails there.
   * `repeatable`: the other side knows our key and does it once however often it is asked, so we ask again instead. `ask`: it can be asked what became of it.
   */
  effect<T extends Json>(
    key: string,
    perform: (idempotencyKey: string, mayAct: () => void) => Promise<T>,
    rehearsed?: T,
    options?: EffectOptions,
  ): Promise<T>;
  /** The answer, when there is one; otherwise the run waits and the node runs again when it comes. Only in `wait` nodes. */
  ask(question: Question): Json;
  /**
   * Returns when the time has come; otherwise the run waits. Only in `wait` nodes. The time of an execution's first call counts: the
   * node runs again when it has come, and what it asks for then moves nothing.
   */
  waitUntil(time: Date): void;
}
