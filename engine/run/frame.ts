import type { PlannedNode } from '#engine/compile/plan.js';
import type { Settled } from '#engine/graph/levels.js';
import type { Json } from '#nodes/sdk/json.js';

/** Where a node stands while its level runs. */
export interface Frame {
  /** Path of the container round around it, with its `/`; empty at the top. */
  readonly prefix: string;
  readonly results: Map<string, Settled>;
  /** `steps` of expressions: values by node id, those of the levels around included. Grows as steps finish. */
  readonly steps: Record<string, Json>;
  readonly item: Json | undefined;
  readonly index: number | undefined;
  /** Aborted with the run, or when a container around has taken too long. */
  readonly signal: AbortSignal;
}

/** Runs nodes of one level in a frame. Handed down to containers, whose bodies are levels too. */
export type RunLevel = (nodes: readonly PlannedNode[], frame: Frame) => Promise<void>;

/** `steps` of expressions for results that are known already. Without a prototype, because a node may be named like one of its properties. */
export function stepValues(results: ReadonlyMap<string, Settled>): Frame['steps'] {
  const steps = Object.create(null) as Frame['steps'];
  for (const [id, { port, value }] of results) if (port !== null) steps[id] = value;
  return steps;
}
