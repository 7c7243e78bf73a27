import type { ChatRequest, ToolCall, Usage } from '#nodes/sdk/context.js';

/** One attempt at one provider. */
export interface ChatCall {
  readonly request: ChatRequest;
  readonly model: string;
  /** Aborted by the run's end and by the deadline of the call. */
  readonly signal: AbortSignal;
  /** Text as it arrives: with structured output, the raw JSON. Absent: nobody watches, and the answer may come whole. */
  readonly onText?: ((delta: string) => void) | undefined;
  /** Called whenever the provider says what an attempt used, also when the attempt fails afterwards. */
  readonly report: (usage: Usage) => void;
  /** A bad answer and what was wrong with it, when this attempt is to repair it. */
  readonly repair?: { readonly bad: string; readonly problem: string };
}

export interface ProviderReply {
  /** Plain text, or the JSON text of a structured output. */
  readonly text: string;
  readonly refusal: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: 'stop' | 'length' | 'tool_calls' | 'content_filter';
}

export interface ChatProvider {
  readonly name: string;
  /** Throws what the provider's client throws; `errors.ts` tells what it means. */
  chat(call: ChatCall): Promise<ProviderReply>;
}
