import type { NodeContext, Usage } from '#nodes/sdk/context.js';

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
  effect: NodeContext['effect'];
}
export type Capabilities = (step: StepHandle) => StepCapabilities;

/** Tokens and money of one try; `model` is the last one asked. */
export interface Spent {
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
  model: string | null;
}
