import type { EffectOptions, NodeContext, Usage } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Perform } from './ledger.js';

/** What a node may do beyond computing. The worker makes them for each step; a node that uses none costs nothing. */
export type StepCapabilities = Pick<
  NodeContext,
  'models' | 'knowledge' | 'contacts' | 'conversation' | 'channel' | 'http' | 'organization'
>;

/** The step for which capabilities are made. */
export interface StepHandle {
  readonly run: NodeContext['run'] & { readonly conversationId: string | null };
  readonly node: NodeContext['node'];
  readonly path: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  charge(usage: Usage): void;
  preview(delta: string): void;
  /** As nodes have it, and with what only capabilities say: see `Perform`. */
  effect<T extends Json>(key: string, perform: Perform<T>, rehearsed?: T, options?: EffectOptions): Promise<T>;
}
export type Capabilities = (step: StepHandle) => StepCapabilities;

/** Tokens and money of one try; `model` is the last one asked. */
export interface Spent {
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
  model: string | null;
}
